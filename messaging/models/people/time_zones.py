"""In which time zone a person is, if they say so."""

from collections import defaultdict
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

# The names that say where somebody is, of all that the database of zones knows.
REGIONS = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
}


@cache
def zone_names() -> dict[str, list[str]]:
    """The zones that can be chosen, by their regions."""
    names = defaultdict(list)
    for name in sorted(available_timezones()):
        region, _, place = name.partition("/")
        if place and region in REGIONS:
            names[region].append(name)
    return dict(names)


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this name; None where this machine knows none that is called so."""
    return ZoneInfo(name) if name in available_zones() else None


@cache
def available_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_is_known(name: str) -> None:
    if zone_named(name) is None:
        raise ValidationError("There is no time zone of this name.", code="zone")


class Zoned(models.Model):
    """The time zone of a `User`; none where they leave it to their browser."""

    time_zone = models.CharField(max_length=64, blank=True, validators=[zone_is_known])

    class Meta:
        abstract = True

    @property
    def zone(self) -> ZoneInfo | None:
        return zone_named(self.time_zone)

    @property
    def local_time(self) -> str:
        """What their clock shows, as "14:05 (UTC+2)"; nothing where they don't say where they are."""
        if self.zone is None:
            return ""
        now = timezone.now().astimezone(self.zone)
        return f"{now:%H:%M} ({offset(now.utcoffset())})"


def offset(ahead: Any) -> str:
    """How far a clock is ahead of UTC, or behind: "UTC+5:30", "UTC−3", "UTC"."""
    minutes = round((ahead or timedelta()) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"
