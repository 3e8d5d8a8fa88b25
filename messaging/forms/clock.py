"""Points in time that a person enters: as a clock where they are shows them."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
FARTHEST = timedelta(days=366)


class ClockField(forms.Field):
    """A date and time without time zone; the form adds the zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        text = (value or "").strip()
        for pattern in FORMATS if text else ():
            try:
                return datetime.strptime(text, pattern)
            except ValueError:
                continue
        if text:
            raise ValidationError(_("Enter date and time in this format: 2027-03-01 14:30."), code="invalid")
        return None


def days_after(now: datetime, days: int, hour: int = 0) -> datetime:
    """At this hour, so many days after the day of `now`, in its zone."""
    return datetime.combine(now.date() + timedelta(days=days), time(hour), now.tzinfo)


def checked_time(at: datetime | None, now: datetime) -> datetime:
    """`at` in the zone of `now`, if it is in the future and within a year.

    Compared without zones, since year 1 cannot be converted.
    """
    shown = now.replace(tzinfo=None)
    if at is None:
        raise ValidationError(_("Enter a date and time."), code="required")
    if at <= shown:
        raise ValidationError(
            _("This time is in the past: it is now %(now)s.") % {"now": f"{now:%Y-%m-%d %H:%M}"}, code="over"
        )
    if at > shown + FARTHEST:
        raise ValidationError(_("This is more than a year from now."), code="far")
    return at.replace(tzinfo=now.tzinfo)
