"""What one says of oneself, and when that ends: by the clock where one is."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.forms.fields import LineField
from messaging.models import User
from messaging.models.people.status import STATUS_LENGTH
from messaging.models.people.time_zones import zone_named

AS_NOW, NEVER, TODAY, WEEK, AT = "as-now", "never", "today", "week", "at"
ENDS = [
    (NEVER, "Not by itself"),
    ("30", "In 30 minutes"),
    ("60", "In an hour"),
    ("240", "In 4 hours"),
    (TODAY, "At the end of today"),
    (WEEK, "At the end of the week"),
    (AT, "At another time"),
]
FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
FARTHEST = timedelta(days=366)


class ClockField(forms.Field):
    """A time as a clock on the wall shows it: of which zone, the form knows."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        text = (value or "").strip()
        for pattern in FORMATS if text else ():
            try:
                return datetime.strptime(text, pattern)
            except ValueError:
                continue
        if text:
            raise ValidationError("Write day and time like this: 2027-03-01 14:30.", code="invalid")
        return None


class StatusForm(forms.Form):
    """`cleaned_data["until"]` is when it ends: never by itself if None.

    Which zone the browser is in, a script writes into `zone`. It counts where the person has chosen none.
    """

    status = LineField(
        max_length=STATUS_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "At lunch"}),
        help_text="Beside your name, for those who talk to you.",
    )
    ends = forms.ChoiceField(
        label="It goes away", error_messages={"invalid_choice": "Choose when it goes away."}
    )
    at = ClockField(label="When", required=False)
    zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: Any = None, *, user: User) -> None:
        has_end = bool(user.current_status and user.status_until)
        super().__init__(data, initial={"status": user.current_status, "ends": AS_NOW if has_end else NEVER})
        self.user = user
        ends: Any = self.fields["ends"]
        ends.choices = [(AS_NOW, "When it does now"), *ENDS] if has_end else ENDS
        if user.zone:
            self.fields["at"].help_text = f"In your time zone: {user.time_zone}."
        else:
            self.fields["at"].help_text = "By the clock of your browser; of UTC, if it runs no script."

    def clean(self) -> dict[str, Any]:
        zone = self.user.zone or zone_named(self.cleaned_data.get("zone", "")) or ZoneInfo("UTC")
        try:
            self.cleaned_data["until"] = self._until(timezone.now().astimezone(zone))
        except ValidationError as error:
            self.add_error("at", error)
        return self.cleaned_data

    def _until(self, now: datetime) -> datetime | None:
        """When it ends, seen from now, where the person is. Raises ValidationError: not at such a time."""
        ends = self.cleaned_data.get("ends", NEVER)
        if ends.isdigit():
            return now + timedelta(minutes=int(ends))
        if ends == TODAY:
            return _midnight_after(now, days=1)
        if ends == WEEK:
            return _midnight_after(now, days=7 - now.weekday())
        if ends == AT and "at" in self.cleaned_data:
            return _checked(self.cleaned_data["at"], now)
        return self.user.status_until if ends == AS_NOW else None


def _midnight_after(now: datetime, days: int) -> datetime:
    return datetime.combine(now.date() + timedelta(days=days), time(), now.tzinfo)


def _checked(at: datetime | None, now: datetime) -> datetime:
    """The time on that clock, if something can end then. Compared as clocks show it: year 1 is in no zone."""
    shown = now.replace(tzinfo=None)
    if at is None:
        raise ValidationError("Say when.", code="required")
    if at <= shown:
        raise ValidationError(f"That is over: it is {now:%H:%M} on {now:%Y-%m-%d} now.", code="over")
    if at > shown + FARTHEST:
        raise ValidationError("That is more than a year ahead.", code="far")
    return at.replace(tzinfo=now.tzinfo)
