"""Quiet hours and days, on the clock of the person."""

from datetime import datetime, time

import pytest

from messaging.models import User
from messaging.models.people.quiet_hours import Weekday, as_days, as_number, quiet_time, quiet_until

MON, TUE, WED, THU, FRI, SAT, SUN = Weekday.values
WEEKDAYS = as_number([MON, TUE, WED, THU, FRI])
NIGHTS = {"quiet_from": time(22), "quiet_to": time(8), "quiet_hours_on": as_number(Weekday.values)}
# Monday, 1 March 2027. Settings, now, and until when it is quiet; all in UTC.
SITUATIONS = [
    ({}, "2027-03-01 23:00", None),
    (NIGHTS, "2027-03-01 21:59", None),
    (NIGHTS, "2027-03-01 22:00", "2027-03-02 08:00"),
    (NIGHTS, "2027-03-02 07:59", "2027-03-02 08:00"),
    (NIGHTS, "2027-03-02 08:00", None),
    # The night belongs to the day on which it begins.
    (NIGHTS | {"quiet_hours_on": as_number([MON])}, "2027-03-02 03:00", "2027-03-02 08:00"),
    (NIGHTS | {"quiet_hours_on": as_number([TUE])}, "2027-03-02 03:00", None),
    # Within one day; and a whole day, from an hour to the same hour.
    (NIGHTS | {"quiet_from": time(12), "quiet_to": time(13)}, "2027-03-01 12:30", "2027-03-01 13:00"),
    (
        {"quiet_from": time(9), "quiet_to": time(9), "quiet_hours_on": as_number([MON])},
        "2027-03-02 08:30",
        "2027-03-02 09:00",
    ),
    # Quiet days, with the nights around them.
    ({"quiet_days": as_number([SAT, SUN])}, "2027-03-05 23:59", None),
    ({"quiet_days": as_number([SAT, SUN])}, "2027-03-06 00:00", "2027-03-08 00:00"),
    (
        NIGHTS | {"quiet_hours_on": WEEKDAYS, "quiet_days": as_number([SAT, SUN])},
        "2027-03-05 23:00",
        "2027-03-08 00:00",
    ),
    (NIGHTS | {"quiet_days": as_number([SAT, SUN])}, "2027-03-05 23:00", "2027-03-08 08:00"),
    # A pause, alone and into the night.
    ({"paused_until": "2027-03-01 12:00"}, "2027-03-01 11:59", "2027-03-01 12:00"),
    ({"paused_until": "2027-03-01 12:00"}, "2027-03-01 12:00", None),
    (NIGHTS | {"paused_until": "2027-03-01 23:00"}, "2027-03-01 21:00", "2027-03-02 08:00"),
    (NIGHTS | {"paused_until": "2027-03-01 20:00"}, "2027-03-01 19:00", "2027-03-01 20:00"),
    # On their own clock: 22:00 in Auckland is 9:00 in UTC; the browser's zone only without a choice.
    (NIGHTS | {"time_zone": "Pacific/Auckland"}, "2027-03-01 09:00", "2027-03-01 19:00"),
    (NIGHTS | {"quiet_zone": "Pacific/Auckland"}, "2027-03-01 08:59", None),
    (
        NIGHTS | {"time_zone": "Europe/Berlin", "quiet_zone": "Pacific/Auckland"},
        "2027-03-01 21:00",
        "2027-03-02 07:00",
    ),
    # Clocks in Berlin are put forward on 28 March and back on 31 October: the same hour on the clock.
    (NIGHTS | {"time_zone": "Europe/Berlin"}, "2027-03-27 21:00", "2027-03-28 06:00"),
    (NIGHTS | {"time_zone": "Europe/Berlin"}, "2027-10-30 20:00", "2027-10-31 07:00"),
]


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{text}+00:00") if text else None


@pytest.mark.parametrize(("settings", "now", "until"), SITUATIONS)
def test_until_when_it_is_quiet(settings: dict[str, object], now: str, until: str | None) -> None:
    person = User(**{**settings, "paused_until": at(settings.get("paused_until"))})  # type: ignore[arg-type]
    moment = at(now)
    assert moment
    assert quiet_until(person, moment) == at(until)


def test_always_quiet_ends_after_the_days_looked_ahead() -> None:
    person = User(quiet_days=as_number(Weekday.values))
    now = at("2027-03-01 12:00")
    assert now
    until = quiet_until(person, now)
    assert until
    assert (until - now).days > 7


def test_a_pause_is_distinguished_from_quiet_hours() -> None:
    now, until = at("2027-03-01 23:00"), at("2027-03-01 23:30")
    assert now
    assert until
    for paused_until, is_pause in ((None, False), (until, True)):
        found = quiet_time(User(**NIGHTS, paused_until=paused_until), now)
        assert found
        assert found.is_pause == is_pause


def test_days_are_stored_as_one_number() -> None:
    assert as_days(as_number([SUN, MON, MON])) == [MON, SUN]
    assert as_days(as_number([])) == []
