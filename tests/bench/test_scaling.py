"""The arithmetic of the model in docs/scaling.md, and that it agrees with what was measured."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench import scaling
from bench.queueing import Act, Station, closed, opened, quantile
from bench.scaling import Configuration, Size

DOCS = Path(__file__).parent.parent.parent / "docs"
ROW = re.compile(
    r"\| (?P<name>[^|]+) \| [\d.]+ \| (?P<cpu>[\d.]+) \| [^|]+ \| (?P<rate>\d+) \| (?P<p50>\d+) \|"
)
SIZE = Size("some", online=100, sends=2, members=10, readers=5, rooms=40, joined=10)


def test_two_servers_serve_in_order_of_arrival() -> None:
    station = Station(servers=2)
    assert [station.serve(arrival, 3) for arrival in (0, 1, 2, 7)] == [3, 4, 6, 10]
    assert station.busy == 12


@pytest.mark.parametrize("used", [0.2, 0.5, 0.7])
def test_random_arrivals_wait_as_long_as_queueing_theory_says(used: float) -> None:
    """A queue with equal work (M/D/1): the mean wait is work × used / (2 × (1 - used))."""
    work = 0.01
    took = opened([Act(used / work, work)], processes=1, database_cores=1, seconds=1000)
    expected = work + work * used / (2 * (1 - used))
    assert sum(took) / len(took) == pytest.approx(expected, rel=0.05)


def test_work_that_nobody_waits_for_delays_the_others() -> None:
    asked = Act(10, 0.01)
    alone = opened([asked], processes=1, database_cores=1, seconds=500)
    beside = opened([asked, Act(10, 0.05, is_awaited=False)], processes=1, database_cores=1, seconds=500)
    assert len(beside) == pytest.approx(len(alone), rel=0.1)
    assert sum(beside) / len(beside) > 2 * sum(alone) / len(alone)


PAGES = (DOCS / "performance.md").read_text().partition("bench.growth")[0]


@pytest.mark.parametrize("found", list(ROW.finditer(PAGES))[2:])
def test_the_simulation_agrees_with_the_measured_pages(found: re.Match[str]) -> None:
    """Requests a second and the median, from the CPU alone, of a server with its caches (`bench.pages`).

    The floor is left out: with such short requests, the generator and the network count too.
    """
    if found["name"].startswith("floor"):
        return
    took = closed(float(found["cpu"]) / 1000, clients=16, seconds=4)
    assert len(took) / 4 == pytest.approx(float(found["rate"]), rel=0.1)
    assert quantile(took, 0.5) * 1000 == pytest.approx(float(found["p50"]), rel=0.15)


@pytest.mark.parametrize(("streams", "measured"), scaling.MEASURED_FAN_OUT.items())
def test_the_model_agrees_with_the_measured_streams(streams: int, measured: float) -> None:
    assert scaling.message_ms(streams) == pytest.approx(measured, rel=0.25)


def test_a_single_process_has_streams_of_every_room_and_many_have_one_reader_each() -> None:
    assert scaling.with_streams(SIZE, 1) == 1
    assert scaling.with_streams(SIZE, 10**6) == pytest.approx(
        SIZE.readers * scaling.STREAMS_A_PERSON, rel=0.01
    )


def test_more_processes_replicas_and_shards_take_their_share() -> None:
    one = scaling.usage(SIZE, Configuration(1))
    assert scaling.usage(SIZE, Configuration(10))["streams"] == pytest.approx(one["streams"] / 10)
    sharded = scaling.usage(SIZE, Configuration(1, shards=4))
    assert sharded["primary"] == pytest.approx(one["primary"] / 4)
    assert sharded["commits"] == pytest.approx(one["commits"] / 4)
    replicated = scaling.usage(SIZE, Configuration(1, replicas=2))
    assert replicated["primary"] + 2 * replicated["replicas"] == pytest.approx(one["primary"])


def test_a_process_checks_the_conversations_of_its_people_once() -> None:
    alone = Size("", online=1, sends=1, members=2, readers=1, rooms=40, joined=10)
    assert scaling.checked(alone, 1) == pytest.approx(10)
    assert scaling.checked(SIZE, 1) == pytest.approx(40, rel=0.01)
    assert scaling.checked(SIZE, 50) == pytest.approx(10 + 10 * 0.75)


def test_a_message_costs_more_the_more_people_it_notifies() -> None:
    few, many = (
        scaling.acts(Size("", online=1, sends=1, members=members, readers=0, rooms=1, joined=1))["send"]
        for members in (scaling.NOTIFIED + 1, scaling.NOTIFIED + 101)
    )
    assert (few.server, few.database) == tuple(ms / 1000 for ms in scaling.ACTS["send"])
    assert many.server - few.server == pytest.approx(0.1 * scaling.SERVER_NOTIFY_MS)
    assert many.database - few.database == pytest.approx(0.1 * scaling.DATABASE_NOTIFY_MS)


def test_the_document_shows_what_the_model_says(capsys: pytest.CaptureFixture[str]) -> None:
    scaling.main()
    text = (DOCS / "scaling.md").read_text()
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert len(lines) > len(scaling.SIZES) * len(scaling.CONFIGURATIONS)
    for line in lines:
        assert line in text


@pytest.mark.parametrize("size", scaling.SIZES)
@pytest.mark.parametrize("configuration", scaling.CONFIGURATIONS)
def test_what_is_held_fills_one_resource_and_no_more(size: Size, configuration: Configuration) -> None:
    online = scaling.held(size, configuration)
    other = replace(size, online=online, sends=size.sends * online / size.online)
    used = max(scaling.usage(other, configuration).values())
    assert used == pytest.approx(scaling.FULL, rel=0.02)
