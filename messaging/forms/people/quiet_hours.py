"""When a person wants to hear nothing: quiet hours and days, and a pause until some time."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms.clock import Offer, TimeForm, days_after
from messaging.models import User
from messaging.models.people.quiet_hours import Weekday, as_days, as_number

MORNING_HOUR = 9


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
    quiet_days = DaysField(
        label=_("Quiet all day on"),
        help_text=_(
            "In quiet hours nothing rings: no push, no desktop notification, no mail, and @here does not "
            "mean you. Messages wait in your inbox. Example: with quiet hours from 22:00 to 08:00, Ada "
            "mentions you at 23:10. Your phone stays silent; at 08:00 you get one mail if you have not read "
            "it by then."
        ),
    )

    def __init__(self, data: Any = None, *, user: User, browser_zone: tzinfo) -> None:
        names = ("quiet_from", "quiet_to")
        days = {name: as_days(getattr(user, name)) for name in ("quiet_hours_on", "quiet_days")}
        super().__init__(data, initial={name: getattr(user, name) for name in names} | days)
        self.user, self.browser_zone = user, browser_zone
        zone = user.time_zone or str(browser_zone)
        self.fields["quiet_to"].help_text = _(
            "In your time zone: %(zone)s. If “To” is not later than “From”, they end the next day, and "
            "belong to the day on which they begin."
        ) % {"zone": zone}

    def write(self) -> dict[str, Any]:
        """Set the columns of the person, and return those that it set, to be saved by the caller."""
        cleaned = self.cleaned_data
        values = {"quiet_hours_on": cleaned["quiet_hours_on"], "quiet_days": cleaned["quiet_days"]}
        for name in ("quiet_from", "quiet_to"):
            hour: time | None = cleaned[name]
            values[name] = getattr(self.user, name) if hour is None else hour
        values["quiet_zone"] = "" if self.user.time_zone else str(self.browser_zone)
        if not values["quiet_hours_on"] and not values["quiet_days"]:
            values["quiet_zone"] = ""
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
