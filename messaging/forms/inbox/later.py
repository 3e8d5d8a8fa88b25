"""When something that was put off comes back to the inbox."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.forms.clock import ClockField, checked_time, days_after

HOUR, EVENING, TOMORROW, WEEK, AT = "hour", "evening", "tomorrow", "week", "at"
EVENING_HOUR, MORNING_HOUR = 18, 9


class Offer(NamedTuple):
    name: str
    label: Any
    until: datetime


def offers(now: datetime) -> list[Offer]:
    """The times that are offered. `now` is in the person's time zone."""
    times = [
        Offer(HOUR, _("In an hour"), now + timedelta(hours=1)),
        Offer(EVENING, _("This evening"), days_after(now, 0, EVENING_HOUR)),
        Offer(TOMORROW, _("Tomorrow"), days_after(now, 1, MORNING_HOUR)),
        Offer(WEEK, _("Next week"), days_after(now, 7 - now.weekday(), MORNING_HOUR)),
    ]
    # Each is later than those before: no evening that is nearly there, no Monday that is tomorrow.
    return [one for place, one in enumerate(times) if all(one.until > other.until for other in times[:place])]


class LaterForm(forms.Form):
    """`cleaned_data["until"]` is when it comes back: at an offered time, or with `at` at another one."""

    when = forms.CharField(required=False)
    at = ClockField(label=_("Date and time"), required=False)

    def __init__(self, data: Any = None, *, now: datetime, auto_id: str) -> None:
        super().__init__(data, auto_id=auto_id)
        self.now = now
        self.offers = offers(now)

    def clean(self) -> dict[str, Any]:
        chosen = {offer.name: offer.until for offer in self.offers}
        when = self.cleaned_data.get("when", "")
        if when in chosen:
            self.cleaned_data["until"] = chosen[when]
        elif "at" in self.cleaned_data:
            try:
                self.cleaned_data["until"] = checked_time(self.cleaned_data["at"], self.now)
            except ValidationError as error:
                self.add_error("at", error)
        return self.cleaned_data
