"""The demo's script: the times and the authors of its lines."""

from datetime import UTC, datetime, timedelta

import pytest

from messaging.demo import script
from messaging.demo.week import Week

WEDNESDAY = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(0, 8 * 24, 5))
def test_the_week_is_in_order_and_in_the_last_seven_days_whenever_it_is_played(hours: int) -> None:
    now = datetime(2026, 11, 16, 0, 10, tzinfo=UTC) + timedelta(hours=hours)
    week = Week(now)
    for scene in script.scenes():
        times = [week.time(line.at) for line in scene.lines]
        assert times == sorted(times), scene
        assert now - timedelta(days=7) < times[0], scene
        assert times[-1] < now, scene
        for line, at in zip(scene.lines, times, strict=True):
            assert at + timedelta(minutes=sum(edit.after for edit in line.edits)) < now, line


def test_the_earlier_days_are_working_days_from_eight_to_six() -> None:
    for scene in script.scenes():
        for line in scene.lines:
            if line.at.endswith("min"):
                continue
            at = Week(WEDNESDAY).time(line.at)
            assert at.weekday() < 5, line
            assert 8 <= at.hour < 18, line


def test_an_invalid_time_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        Week(WEDNESDAY).time("soon")


def test_everybody_speaks_only_where_they_are_a_member() -> None:
    for scene in script.scenes():
        assert {line.by for line in scene.lines} <= set(scene.people), scene
