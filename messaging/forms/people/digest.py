"""Whether and when a person gets the weekly digest."""

from datetime import tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.forms.people.preferences import why_no_mails
from messaging.models import Digest, User
from messaging.models.inbox.digest import choose_digest
from messaging.models.people.quiet_hours import Weekday

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


def _choice(label: Any, choices: Any, refusal: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": refusal},
    )


class DigestForm(forms.Form):
    """A day or an hour that is left out stays as it is."""

    digest_wanted = forms.BooleanField(label=_("Email me a digest every week"), required=False)
    digest_day = _choice(_("Day"), Weekday.choices, _("Choose a day of the week."))
    digest_hour = _choice(_("Hour"), HOURS, _("Choose a full hour."))

    def __init__(self, data: Any = None, *, user: User, browser_zone: tzinfo) -> None:
        self.digest = Digest.objects.filter(user=user).first() or Digest(user=user, is_wanted=False)
        initial = {
            "digest_wanted": self.digest.is_wanted,
            "digest_day": self.digest.day,
            "digest_hour": self.digest.hour,
        }
        super().__init__(data, initial=initial)
        self.user, self.browser_zone = user, str(browser_zone)
        about = gettext(
            "Your unread messages, active threads and new rooms of the last seven days. No email is sent if "
            "there is nothing new. Message texts are included only if you chose that for the emails above."
        )
        self.fields["digest_wanted"].help_text = why_no_mails(user) or about
        zone = user.time_zone or (self.digest.is_wanted and self.digest.zone) or self.browser_zone
        self.fields["digest_hour"].help_text = gettext("In the time zone %(zone)s.") % {"zone": zone}

    def save(self) -> None:
        """The time zone of the browser is stored only if something is changed: another setting may be changed
        on a journey."""

        def chosen(name: str) -> int:
            value: int | None = self.cleaned_data[name]
            return self.initial[name] if value is None else value

        is_wanted: bool = self.cleaned_data["digest_wanted"]
        day, hour = chosen("digest_day"), chosen("digest_hour")
        before = self.digest
        is_changed = (is_wanted, day, hour) != (before.is_wanted, before.day, before.hour)
        zone = before.zone if before.zone and not is_changed else self.browser_zone
        zone_to_store = "" if self.user.time_zone else zone
        choose_digest(self.user, is_wanted=is_wanted, day=day, hour=hour, zone=zone_to_store)
