"""Time zones by their names, and how far their clocks are from ours."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from messaging.models import User
from messaging.models.people.time_zones import offset, validate_time_zone, zone_named, zone_names


def test_the_zones_that_can_be_chosen_say_where_somebody_is() -> None:
    names = [name for names in zone_names().values() for name in names]
    assert len(names) > 300
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} <= set(names)
    assert not {"UTC", "Etc/GMT+5", "US/Pacific", "posixrules"} & set(names)
    assert all(zone_named(name) for name in names)


@pytest.mark.parametrize(
    "name", ["Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "\0", "x" * 100_000]
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None
    with pytest.raises(ValidationError):
        validate_time_zone(name)
    assert User(time_zone=name).zone is None
    assert User(time_zone=name).local_time == ""


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "UTC"), (120, "UTC+2"), (330, "UTC+5:30"), (-180, "UTC−3"), (-210, "UTC−3:30"), (825, "UTC+13:45")],
)
def test_an_offset_is_written_as_people_write_it(minutes: int, shown: str) -> None:
    assert offset(timedelta(minutes=minutes)) == shown


def test_a_local_time_goes_with_summer() -> None:
    person = User(time_zone="Europe/Berlin")
    with time_machine.travel("2027-01-15T12:05:00Z", tick=False):
        assert person.local_time == "13:05 (UTC+1)"
    with time_machine.travel("2027-07-15T12:05:00Z", tick=False):
        assert person.local_time == "14:05 (UTC+2)"
