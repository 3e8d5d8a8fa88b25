"""When a person wants to hear nothing: quiet hours and days in their own time zone, and a pause.

What is said meanwhile waits in the inbox (`messaging.models.inbox.delivery`).
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models.people.time_zones import zone_named

if TYPE_CHECKING:
    from messaging.models.people.user import User

DAYS_AHEAD: Final = 9  # so that a whole quiet week is found; what is quiet longer is looked at again then
SETTINGS: Final = ("paused_until", "quiet_from", "quiet_to", "quiet_hours_on", "quiet_days", "quiet_zone")


class Weekday(models.IntegerChoices):
    """As `date.weekday` counts them. Sets of them are stored as the sum of `1 << day`."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def as_number(days: Iterable[int]) -> int:
    return sum(1 << day for day in set(days))


def as_days(number: int) -> list[int]:
    return [day for day in Weekday.values if number >> day & 1]


def zone_of_quiet_hours(user: "User") -> ZoneInfo:
    """The time zone that the person chose; else that of the browser in which they set their quiet hours."""
    return user.zone or zone_named(user.quiet_zone) or ZoneInfo("UTC")


def quiet_until(user: "User", now: datetime) -> datetime | None:
    """Until when the person wants to hear nothing; None if they want to hear everything now.

    A pause that ends in quiet hours, or quiet hours that end at the beginning of a quiet day, are one.
    """
    spans = sorted(_spans(user, now)) if user.quiet_hours_on or user.quiet_days else []
    paused_until = user.paused_until
    end = paused_until if paused_until and paused_until > now else now
    for begins_at, ends_at in spans:
        if begins_at <= end < ends_at:
            end = ends_at
    return end if end > now else None


class QuietTime(NamedTuple):
    """That it is quiet for the person now, until when, and whether they have paused notifications."""

    until: datetime
    is_pause: bool


def quiet_time(user: "User", now: datetime) -> QuietTime | None:
    until = quiet_until(user, now)
    if until is None:
        return None
    return QuietTime(until, bool(user.paused_until and user.paused_until > now))


def is_quiet(user: "User", now: datetime) -> bool:
    return quiet_until(user, now) is not None


def quiet_among(people: models.QuerySet["User"], ids: Collection[int], now: datetime) -> set[int]:
    """Those of these people who want to hear nothing now: one query, of those who have such settings."""
    could = Q(paused_until__gt=now) | Q(quiet_hours_on__gt=0) | Q(quiet_days__gt=0)
    some = people.filter(could, pk__in=sorted(ids)).only("pk", "time_zone", *SETTINGS)
    return {user.pk for user in some if is_quiet(user, now)}


def _spans(user: "User", now: datetime) -> Iterable[tuple[datetime, datetime]]:
    """From when to when it is quiet around now. Quiet hours that end the next morning belong to the day on
    which they begin."""
    zone = zone_of_quiet_hours(user)
    today = now.astimezone(zone).date()
    for days in range(-1, DAYS_AHEAD):
        day = today + timedelta(days=days)
        if user.quiet_days >> day.weekday() & 1:
            yield _at(day, time(), zone), _at(day + timedelta(days=1), time(), zone)
        if user.quiet_hours_on >> day.weekday() & 1:
            ends_on = day + timedelta(days=user.quiet_to <= user.quiet_from)
            yield _at(day, user.quiet_from, zone), _at(ends_on, user.quiet_to, zone)


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """As an instant in UTC: Python compares two times of one zone by what the clock shows, also when clocks
    are turned back."""
    return datetime.combine(day, hour, zone).astimezone(UTC)
