"""Points in time that a person enters: as a clock where they are shows them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

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


class Offer(NamedTuple):
    """A time that a form offers, such as tomorrow morning."""

    name: str
    label: Any
    until: datetime


class TimeForm(forms.Form):
    """`cleaned_data["until"]` is the time: an offered one (`when`), or with `at` another one.

    Attributes:
        now: in the person's time zone.
        offers: those of the times that are shown. A time that is not later than all before it is left out,
            such as this evening when it is near, or next Monday on a Sunday.
    """

    when = forms.CharField(required=False)
    at = ClockField(label=_("Date and time"), required=False)

    def __init__(self, data: Any = None, *, now: datetime, times: Sequence[Offer], **options: Any) -> None:
        super().__init__(data, **options)
        self.now = now
        self._times = {one.name: one.until for one in times}
        self.offers = [
            one for place, one in enumerate(times) if all(one.until > other.until for other in times[:place])
        ]

    def clean(self) -> dict[str, Any]:
        when = self.cleaned_data.get("when", "")
        if when in self._times:
            self.cleaned_data["until"] = self._times[when]
        elif "at" in self.cleaned_data:
            try:
                self.cleaned_data["until"] = checked_time(self.cleaned_data["at"], self.now)
            except ValidationError as error:
                self.add_error("at", error)
        return self.cleaned_data
