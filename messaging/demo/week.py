"""The times of the demo's week: counted back from now, in local working hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

SATURDAY = 5


def local_zone() -> tzinfo:
    """The time zone of this machine, so that nine o'clock is nine o'clock for the person in front of it.

    Python's local zone cannot be used, because Django sets the process to UTC.
    """
    try:
        with open("/etc/localtime", "rb") as file:
            return ZoneInfo.from_file(file, key="local")
    except (OSError, ValueError):
        return UTC


@dataclass(frozen=True)
class Week:
    """The last seven days before `now`, whose time zone is the one of the working hours."""

    now: datetime

    def time(self, when: str) -> datetime:
        """The time that an `at` in the script stands for.

        Args:
            when: `"-3d 09:12"`, a time three working days before today, or `"-25min"`, minutes before now.

        Raises:
            ValueError: it has neither form.
        """
        if when.startswith("-") and when.endswith("min"):
            return self.now - timedelta(minutes=int(when[1:-3]))
        days, _, clock = when.partition(" ")
        if not (days.startswith("-") and days.endswith("d")):
            raise ValueError(f"{when!r} is not a time in the demo's week.")
        day = self._working_day(int(days[1:-1]))
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=self.now.tzinfo)

    def _working_day(self, back: int) -> datetime:
        day = self.now
        while back:
            day -= timedelta(days=1)
            back -= day.weekday() < SATURDAY
        return day
