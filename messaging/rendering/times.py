"""Times in HTML that is the same for everybody: in UTC, which a script shows in the reader's zone."""

from datetime import date, datetime
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def time_values(name: str, at: datetime | None, with_day: bool) -> dict[str, str]:
    """A time in UTC as a template shows it: for scripts, in full, and in short."""
    if at is None:
        return {f"{name}_at": "", f"{name}_title": "", f"{name}_shown": ""}
    clock, language = at.strftime("%H:%M"), get_language()
    shown = _at(_day(at.date(), _("j M"), language), clock) if with_day else clock
    title = _at(_day(at.date(), _("l, j F Y"), language), f"{clock} UTC")
    return {f"{name}_at": at.isoformat(), f"{name}_title": title, f"{name}_shown": shown}


def _at(day: str, clock: str) -> str:
    return _("%(day)s, %(time)s") % {"day": day, "time": clock}


@lru_cache(maxsize=1000)
def _day(day: date, layout: str, language: str) -> str:
    return date_format(day, layout)
