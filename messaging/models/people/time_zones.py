"""The time zones that a person can choose, and what a clock there shows."""

from collections import defaultdict
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Of all names in the time zone database, those that say where somebody is.
REGIONS = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
}


@cache
def zone_names() -> dict[str, list[str]]:
    """The names that can be chosen, by region."""
    names = defaultdict(list)
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region in REGIONS:
            names[region].append(name)
    return dict(names)


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this name; None if this machine does not know it."""
    return ZoneInfo(name) if name in available_zones() else None


@cache
def available_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def validate_time_zone(name: str) -> None:
    """Raises ValidationError if there is no such zone."""
    if zone_named(name) is None:
        raise ValidationError(_("There is no time zone with this name."), code="zone")


def local_time(zone: ZoneInfo) -> str:
    """What a clock there shows now, as "14:05 (UTC+2)"."""
    now = timezone.now().astimezone(zone)
    return f"{now:%H:%M} ({offset(now.utcoffset())})"


def offset(ahead: timedelta | None) -> str:
    """How far a clock is ahead of UTC or behind it: "UTC+5:30", "UTC−3", "UTC"."""
    minutes = round((ahead or timedelta()) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"
