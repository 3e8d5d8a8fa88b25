"""Points in time as people type them beside a text: "in 2 hours call Ada", "call Ada tomorrow at 9".

A small grammar instead of a library, because libraries take words such as "may", "sun" or "2 people" for
times. What is not surely a time stays text, and the answer to a command says which time was understood.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MORNING, NOON, AFTERNOON, EVENING = 9, 12, 15, 18
PARTS: Final = {"morning": MORNING, "afternoon": AFTERNOON, "evening": EVENING, "night": EVENING}

_END: Final = r"(?![\w:.-]*\w)[\s,;:.]*"  # of an expression, and what stands between it and a text
_UNIT: Final = r"minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w"
_IN: Final = re.compile(
    rf"(?:(?:in\s+)?(?:(?P<number>\d{{1,4}})\s*|(?<=in\s)an?\s+)(?P<unit>{_UNIT})|(?:in\s+)?half\s+an\s+hour){_END}",
    re.IGNORECASE,
)
_MONTH: Final = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in MONTHS)
_DAY: Final = re.compile(
    rf"(?:(?P<word>today|tonight|tomorrow|next\s+week|this(?=\s+(?:morning|afternoon|evening)))"
    rf"(?:\s+(?P<part>{'|'.join(PARTS)}))?"
    rf"|(?:on\s+|next\s+|this\s+)?(?P<weekday>{'|'.join(DAYS)})(?:\s+(?P<its_part>{'|'.join(PARTS)}))?"
    rf"|(?:on\s+)?(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})"
    rf"|(?:on\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?P<month>{_MONTH})(?:\s+(?P<year>\d{{4}}))?"
    rf"|(?:on\s+)?(?P<first_month>{_MONTH})\s+(?P<its_day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<its_year>\d{{4}}))?)"
    rf"{_END}",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    rf"(?:at\s+)?(?:(\d{{1,2}}):(\d{{2}})\s*([ap]m)?|(\d{{1,2}})\s*([ap]m)|(?<=at\s)(\d{{1,2}})|(noon)){_END}",
    re.IGNORECASE,
)
_SECONDS: Final = {"m": 60, "h": 3600}
_FILLING: Final = re.compile(r"^(?:to|about|of|that)\s+", re.IGNORECASE)


class TypedTime(NamedTuple):
    """A time, in the zone of the person, and the text beside it."""

    at: datetime
    text: str


def time_in(typed: str, now: datetime) -> TypedTime | None:
    """The time that a text begins or ends with, and the rest of it; None if there is none.

    Without a day, a time of the clock is the next one; without a time, a day means nine in the morning. The
    time may be in the past, if that is what was typed.

    Args:
        now: in the time zone of the person.
    """
    words = re.sub(r"^me\s+", "", typed.strip(), flags=re.IGNORECASE)
    if found := _at_start(words, now):
        return TypedTime(found.at, _FILLING.sub("", found.text, count=1))
    for start in _word_starts(words):
        found = _at_start(words[start:], now)
        if found and not found.text:
            return TypedTime(found.at, _FILLING.sub("", words[:start].rstrip(" ,;"), count=1))
    return None


def _word_starts(words: str) -> Iterator[int]:
    """Where a time at the end may begin: it has six words at most."""
    starts = [found.start() for found in re.finditer(r"(?<=\s)\S", words)]
    return iter(starts[-6:])


def _at_start(words: str, now: datetime) -> TypedTime | None:
    try:
        return _after(words, now) or _on_day(words, now) or _by_clock(words, now)
    except (ValueError, OverflowError):  # 31 February, 25:00
        return None


def _after(words: str, now: datetime) -> TypedTime | None:
    found = _IN.match(words)
    if found is None:
        return None
    rest = words[found.end() :]
    if found["unit"] is None:
        return TypedTime(_elapsed(now, timedelta(minutes=30)), rest)
    number, unit = int(found["number"] or 1), found["unit"][0].lower()
    if unit in _SECONDS:
        return TypedTime(_elapsed(now, timedelta(seconds=number * _SECONDS[unit])), rest)
    return TypedTime(now + timedelta(days=number * (7 if unit == "w" else 1)), rest)  # by the clock


def _elapsed(now: datetime, span: timedelta) -> datetime:
    """So much later, also over a change to summer time."""
    return (now.astimezone(UTC) + span).astimezone(now.tzinfo)


def _on_day(words: str, now: datetime) -> TypedTime | None:
    found = _DAY.match(words)
    if found is None:
        return None
    day, hour = _day_of(found, now)
    rest = words[found.end() :]
    clock = _CLOCK.match(rest)
    at = _time_of(clock) if clock else time(hour)
    return TypedTime(datetime.combine(day, at, now.tzinfo), rest[clock.end() :] if clock else rest)


def _by_clock(words: str, now: datetime) -> TypedTime | None:
    clock = _CLOCK.match(words)
    if clock is None:
        return None
    rest = words[clock.end() :]
    if found := _DAY.match(rest):
        day, _hour = _day_of(found, now)
        return TypedTime(datetime.combine(day, _time_of(clock), now.tzinfo), rest[found.end() :])
    at = datetime.combine(now.date(), _time_of(clock), now.tzinfo)
    return TypedTime(at if at > now else at + timedelta(days=1), rest)


def _day_of(found: re.Match[str], now: datetime) -> tuple[date, int]:
    """The day, and the hour that it means without a time of the clock."""
    today = now.date()
    part = PARTS.get((found["part"] or found["its_part"] or "").lower(), MORNING)
    if found["weekday"]:
        ahead = DAYS.index(found["weekday"].lower()) - today.weekday()
        return today + timedelta(days=ahead if ahead > 0 else ahead + 7), part
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return date(year, month, day), MORNING
    if name := found["month"] or found["first_month"]:
        month = next(number for number, one in enumerate(MONTHS, 1) if one.startswith(name.lower()[:3]))
        number, typed_year = int(found["day"] or found["its_day"]), found["year"] or found["its_year"]
        named = date(int(typed_year or today.year), month, number)
        return (named if typed_year or named >= today else named.replace(year=today.year + 1)), MORNING
    word = " ".join(found["word"].lower().split())
    days = {"tomorrow": 1, "next week": 7 - today.weekday()}.get(word, 0)
    return today + timedelta(days=days), EVENING if word == "tonight" else part


def _time_of(clock: re.Match[str]) -> time:
    if clock[7]:
        return time(NOON)
    hour, half = int(clock[1] or clock[4] or clock[6]), (clock[3] or clock[5] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(clock[2] or 0))
