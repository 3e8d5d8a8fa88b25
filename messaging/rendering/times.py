"""Times in HTML. What is the same for everybody has them in UTC; a script shows them in the reader's zone."""

from datetime import UTC, date, datetime, time
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MIDNIGHT = time(tzinfo=UTC)


def moment(at: datetime) -> SafeString:
    """A point in time within a sentence, on the clock of the person or of their browser."""
    html = render_to_string("messaging/inbox/_time.html", {"at": at}).strip()
    return mark_safe(html)  # noqa: S308  # nosec B308 B703 - a template of ours


def time_values(name: str, at: datetime | None, with_day: bool) -> dict[str, str]:
    """A time in UTC as a template shows it: for scripts, in full, and in short.

    Args:
        name: what the names of the three values begin with.
        with_day: whether the short one has the day too.
    """
    if at is None:
        return {f"{name}_at": "", f"{name}_title": "", f"{name}_shown": ""}
    clock, day, language = at.strftime("%H:%M"), at.date(), get_language()
    short = _midnight(day, "SHORT_MONTH_DAY_TIME_FORMAT", language) if with_day else "00:00"
    title = _midnight(day, "ZONED_WEEKDAY_DATETIME_FORMAT", language)
    return {
        f"{name}_at": at.isoformat(),
        f"{name}_title": title.replace("00:00", clock),
        f"{name}_shown": short.replace("00:00", clock),
    }


def _at(day: str, clock: str) -> str:
    return _("%(day)s, %(time)s") % {"day": day, "time": clock}


@lru_cache(maxsize=1000)
def _midnight(day: date, name: str, language: str) -> str:
    """The first minute of a day, "00:00", in a format of the language."""
    return date_format(datetime.combine(day, MIDNIGHT), name, use_l10n=True)
