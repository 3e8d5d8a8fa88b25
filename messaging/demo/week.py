"""When the demo's week happens: seen from now, in working hours of the place where it runs."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

SATURDAY = 5


def local_zone() -> tzinfo:
    """This machine's own zone, so that nine o'clock is nine o'clock for the person at the screen.

    Python's own answer is of no use here: Django sets the process to UTC.
    """
    try:
        with open("/etc/localtime", "rb") as file:
            return ZoneInfo.from_file(file, key="local")
    except (OSError, ValueError):
        return UTC


@dataclass(frozen=True)
class Week:
    """The last seven days before `now`, which carries the zone that working hours are meant in."""

    now: datetime

    def time(self, when: str) -> datetime:
        """The moment that a script's `at` means.

        Args:
            when: `"-3d 09:12"`, so many working days before today, or `"-25min"`, before now.

        Raises:
            ValueError: it is neither.
        """
        if when.startswith("-") and when.endswith("min"):
            return self.now - timedelta(minutes=int(when[1:-3]))
        days, _, clock = when.partition(" ")
        if not (days.startswith("-") and days.endswith("d")):
            raise ValueError(f"{when!r} is no time of the demo's week.")
        day = self._working_day(int(days[1:-1]))
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=self.now.tzinfo)

    def _working_day(self, back: int) -> datetime:
        day = self.now
        while back:
            day -= timedelta(days=1)
            back -= day.weekday() < SATURDAY
        return day
