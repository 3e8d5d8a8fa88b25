"""Spans of days as people type them in a search: 2026-03-14, 2026-03, 2026, yesterday, last week, March."""

import re
from datetime import date, timedelta
from typing import Final

from messaging.text.typed_times import MONTHS

YEARS: Final = range(1970, 3000)  # far from what dates and time zones can express
_NUMBERS: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def span_of(words: str, today: date) -> tuple[date, date] | None:
    """The first day of a span, and the day after it; None if the words name none.

    Args:
        words: what was typed.
        today: in the reader's time zone.
    """
    name = " ".join(words.lower().replace("_", " ").split())
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    named = {
        "today": (today, today + timedelta(1)),
        "yesterday": (today - timedelta(1), today),
        "this week": (monday, monday + timedelta(7)),
        "last week": (monday - timedelta(7), monday),
        "this month": (first, _next_month(first)),
        "last month": ((first - timedelta(1)).replace(day=1), first),
        "this year": (date(today.year, 1, 1), date(today.year + 1, 1, 1)),
        "last year": (date(today.year - 1, 1, 1), date(today.year, 1, 1)),
    }
    if name in named:
        return named[name]
    months = [number for number, month in enumerate(MONTHS, 1) if len(name) >= 3 and month.startswith(name)]
    if len(months) == 1:  # the latest one
        year = today.year - (months[0] > today.month)
        return date(year, months[0], 1), _next_month(date(year, months[0], 1))
    numbers = _NUMBERS.fullmatch(name)
    return _span_of_numbers(*numbers.groups()) if numbers else None


def _span_of_numbers(year: str, month: str | None, day: str | None) -> tuple[date, date] | None:
    if not YEARS.start <= int(year) < YEARS.stop:
        return None
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        if day:
            return first, first + timedelta(1)
        return first, _next_month(first) if month else date(first.year + 1, 1, 1)
    except ValueError:
        return None


def _next_month(first: date) -> date:
    return (first + timedelta(31)).replace(day=1)
