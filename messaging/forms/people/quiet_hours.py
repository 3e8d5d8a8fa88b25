"""When a person wants to hear nothing: quiet hours and days, and a pause until some time."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.forms.clock import Offer, TimeForm, days_after
from messaging.models import User
from messaging.models.people.quiet_hours import Weekday, as_days, as_number, zone_of_quiet_hours

MORNING_HOUR = 9
HOURS = ("quiet_from", "quiet_to")


class DaysField(forms.TypedMultipleChoiceField):
    """Days of the week; cleaned to the number as which they are stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=Weekday.choices,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": _("Choose days of the week.")},
            **options,
        )

    def clean(self, value: Any) -> int:
        return as_number(super().clean(value))


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Enter a time in this format: 22:00.")},
    )


class QuietHoursForm(forms.Form):
    """Quiet hours and days. An hour that is left empty stays as it is."""

    quiet_hours_on = DaysField(label=_("Quiet hours on"))
    quiet_from = _hour(_("From"))
    quiet_to = _hour(_("To"))
    quiet_days = DaysField(label=_("Quiet all day on"))

    def __init__(self, data: Any = None, *, user: User, browser_zone: tzinfo) -> None:
        days = {name: as_days(getattr(user, name)) for name in ("quiet_hours_on", "quiet_days")}
        super().__init__(data, initial={name: getattr(user, name) for name in HOURS} | days)
        self.user, self.browser_zone = user, browser_zone
        self.fields["quiet_to"].help_text = " ".join(self._about_zone())

    def _about_zone(self) -> list[str]:
        is_set = self.user.quiet_hours_on or self.user.quiet_days
        zone = zone_of_quiet_hours(self.user) if self.user.time_zone or is_set else self.browser_zone
        texts = [gettext("In the time zone %(zone)s.") % {"zone": zone}]
        if not self.user.time_zone and str(zone) != str(self.browser_zone):
            text = gettext("Hours or days that you change follow this browser: %(zone)s.")
            texts.append(text % {"zone": self.browser_zone})
        texts.append(
            gettext(
                "If “To” is not later than “From”, the quiet hours end on the next day; they belong to the "
                "day on which they begin."
            )
        )
        return texts

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        chosen = [name for name in HOURS if cleaned.get(name) not in (None, getattr(self.user, name))]
        if chosen and cleaned.get("quiet_hours_on") == 0:
            self.add_error("quiet_hours_on", _("Choose the days on which these hours are quiet."))
        return cleaned

    def write(self) -> dict[str, Any]:
        """Set the columns of the person, and return those that it set, to be saved by the caller.

        The time zone of the browser is stored with the quiet hours only if they are set or changed: another
        setting may be changed on a journey.
        """
        cleaned = self.cleaned_data
        values = {"quiet_hours_on": cleaned["quiet_hours_on"], "quiet_days": cleaned["quiet_days"]}
        for name in HOURS:
            hour: time | None = cleaned[name]
            values[name] = getattr(self.user, name) if hour is None else hour
        is_changed = any(getattr(self.user, name) != value for name, value in values.items())
        if self.user.time_zone or not (values["quiet_hours_on"] or values["quiet_days"]):
            values["quiet_zone"] = ""
        elif is_changed or not self.user.quiet_zone:
            values["quiet_zone"] = str(self.browser_zone)
        for name, value in values.items():
            setattr(self.user, name, value)
        return values


class PauseForm(TimeForm):
    """`cleaned_data["until"]` is until when nothing rings."""

    def __init__(self, data: Any = None, *, now: datetime) -> None:
        times = [
            Offer("30", _("For 30 minutes"), now + timedelta(minutes=30)),
            Offer("60", _("For 1 hour"), now + timedelta(hours=1)),
            Offer("tomorrow", _("Until tomorrow morning"), days_after(now, 1, MORNING_HOUR)),
        ]
        super().__init__(data, now=now, times=times)
