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

    digest_wanted = forms.BooleanField(label=_("Mail me a digest every week"), required=False)
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
            "Your unread messages, active threads and new rooms of the last seven days. No mail is sent if "
            "there is nothing new. Message texts are included only if you chose that for the mails above."
        )
        self.fields["digest_wanted"].help_text = why_no_mails(user) or about
        zone = user.time_zone or (self.digest.is_wanted and self.digest.zone) or self.browser_zone
        self.fields["digest_hour"].help_text = gettext("In the time zone %(zone)s.") % {"zone": zone}

    def save(self) -> None:
        """The time zone of the browser is stored only if something is changed: another setting may be changed
        on a journey."""
        cleaned, before = self.cleaned_data, self.digest
        day, hour = (cleaned["digest_day"], before.day), (cleaned["digest_hour"], before.hour)
        wish = (cleaned["digest_wanted"], *(new if new is not None else old for new, old in (day, hour)))
        is_changed = wish != (before.is_wanted, before.day, before.hour)
        zone = self.browser_zone if is_changed or not before.zone else before.zone
        choose_digest(
            self.user,
            is_wanted=wish[0],
            day=wish[1],
            hour=wish[2],
            zone="" if self.user.time_zone else zone,
        )
