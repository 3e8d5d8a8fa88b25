"""When something that was put off comes back to the inbox."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.forms.clock import Offer, TimeForm, days_after

HOUR, EVENING, TOMORROW, WEEK, AT = "hour", "evening", "tomorrow", "week", "at"
EVENING_HOUR, MORNING_HOUR = 18, 9


def times(now: datetime) -> list[Offer]:
    """The times that can be chosen by a name. `now` is in the person's time zone."""
    return [
        Offer(HOUR, _("In an hour"), now + timedelta(hours=1)),
        Offer(EVENING, _("This evening"), days_after(now, 0, EVENING_HOUR)),
        Offer(TOMORROW, _("Tomorrow"), days_after(now, 1, MORNING_HOUR)),
        Offer(WEEK, _("Next week"), days_after(now, 7 - now.weekday(), MORNING_HOUR)),
    ]


class LaterForm(TimeForm):
    """`cleaned_data["until"]` is when it comes back."""

    def __init__(self, data: Any = None, *, now: datetime, auto_id: str) -> None:
        super().__init__(data, now=now, times=times(now), auto_id=auto_id)
