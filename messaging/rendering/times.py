"""Times in HTML that is the same for everybody: in UTC, which a script shows in the reader's zone."""

from datetime import date, datetime
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language


def time_values(name: str, at: datetime | None, with_day: bool) -> dict[str, str]:
    """A time in UTC as a template shows it: for scripts, in full, and in short."""
    if at is None:
        return {f"{name}_at": "", f"{name}_title": "", f"{name}_shown": ""}
    clock, language = at.strftime("%H:%M"), get_language()
    shown = f"{_day(at.date(), 'j M', language)}, {clock}" if with_day else clock
    title = f"{_day(at.date(), 'l, j F Y', language)}, {clock} UTC"
    return {f"{name}_at": at.isoformat(), f"{name}_title": title, f"{name}_shown": shown}


@lru_cache(maxsize=1000)
def _day(day: date, layout: str, language: str) -> str:
    return date_format(day, layout)
