"""Times that are typed beside a text, and texts that only look like them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from messaging.text.typed_times import time_in
from tests.text.strategies import pieces

OSLO = ZoneInfo("Europe/Oslo")
FRIDAY = datetime(2027, 7, 2, 10, 5, tzinfo=OSLO)


def understood(typed: str, now: datetime = FRIDAY) -> tuple[str, str] | None:
    found = time_in(typed, now)
    return (f"{found.at:%Y-%m-%d %H:%M}", found.text) if found else None


@pytest.mark.parametrize(
    ("typed", "at", "text"),
    [
        ("in 2 hours call Ada", "2027-07-02 12:05", "call Ada"),
        ("2h call Ada", "2027-07-02 12:05", "call Ada"),
        ("30m", "2027-07-02 10:35", ""),
        ("in an hour", "2027-07-02 11:05", ""),
        ("half an hour: tea", "2027-07-02 10:35", "tea"),
        ("in 3 days call", "2027-07-05 10:05", "call"),
        ("in a week call", "2027-07-09 10:05", "call"),
        ("tomorrow", "2027-07-03 09:00", ""),
        ("Tomorrow 9:30 call", "2027-07-03 09:30", "call"),
        ("tomorrow at 8 to call", "2027-07-03 08:00", "call"),
        ("tomorrow, 17:30: call", "2027-07-03 17:30", "call"),
        ("tomorrow evening call", "2027-07-03 18:00", "call"),
        ("tomorrow 9 people come", "2027-07-03 09:00", "9 people come"),
        ("tonight", "2027-07-02 18:00", ""),
        ("this afternoon call", "2027-07-02 15:00", "call"),
        ("at 5pm call", "2027-07-02 17:00", "call"),
        ("12am call", "2027-07-03 00:00", "call"),
        ("9:00 call", "2027-07-03 09:00", "call"),  # it is over today
        ("at 9 tomorrow call", "2027-07-03 09:00", "call"),
        ("today at 8", "2027-07-02 08:00", ""),  # over: the command refuses it
        ("monday call", "2027-07-05 09:00", "call"),
        ("on Friday 14:30 call", "2027-07-09 14:30", "call"),
        ("next week plan", "2027-07-05 09:00", "plan"),
        ("2027-08-01 10:00 call", "2027-08-01 10:00", "call"),
        ("14 August call", "2027-08-14 09:00", "call"),
        ("Aug 14th at noon call", "2027-08-14 12:00", "call"),
        ("1 March call", "2028-03-01 09:00", "call"),
        ("me to call Ada tomorrow at 9", "2027-07-03 09:00", "call Ada"),
        ("call Ada in 2 hours", "2027-07-02 12:05", "call Ada"),
        ("buy milk on Monday", "2027-07-05 09:00", "buy milk"),
        ("meet at 9 on 14 August 2027", "2027-08-14 09:00", "meet"),
    ],
)
def test_a_time_before_or_behind_a_text_is_understood(typed: str, at: str, text: str) -> None:
    assert understood(typed) == (at, text)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "call Ada", "may the force", "sun cream", "2 people", "ah well", "a message", "march on"),
        *(
            "31 February x",
            "25:00 x",
            "13pm x",
            "9:99 x",
            "in 2 hoursx",
            "10m2 x",
            "2027-13-01 x",
            "99999h x",
        ),
    ],
)
def test_what_is_not_surely_a_time_is_none(typed: str) -> None:
    assert understood(typed) is None


def test_hours_elapse_and_days_follow_the_clock_over_a_change_to_summer_time() -> None:
    eve = datetime(2027, 3, 27, 23, 30, tzinfo=OSLO)  # at two it will be three
    assert understood("in 4 hours", eve) == ("2027-03-28 04:30", "")
    assert understood("in 1 day", eve) == ("2027-03-28 23:30", "")
    assert understood("tomorrow", eve) == ("2027-03-28 09:00", "")


@given(pieces())
def test_any_text_is_understood_or_not_without_an_error(typed: str) -> None:
    for text in (typed, f"tomorrow {typed}", f"{typed} at 9"):
        time_in(text, FRIDAY)
