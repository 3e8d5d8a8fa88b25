"""A short run in which servers are killed, and more, breaks no law; the laws find what is wrong."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.faults.delivery.checker import faults
from tests.faults.delivery.history import History
from tests.faults.delivery.run import Plan, play

ON_SQLITE = Plan(
    seed=3, strikes=("kill", "bad_gateway", "take_away", "restore", "kill", "freeze"), pause=1, rate=5
)
ON_POSTGRESQL = Plan(
    seed=3,
    strikes=("crash_postgresql", "kill", "flush_redis", "terminate"),
    pause=1.5,
    rate=5,
    servers=2,
    on_postgresql=True,
)
pytestmark = pytest.mark.backends
Final = dict[str, Any]
Corrupt = Callable[[History], object]


@pytest.fixture(scope="module")
def history() -> History:
    return play(ON_SQLITE if settings.ON_SQLITE else ON_POSTGRESQL)


def test_nothing_is_lost_doubled_or_reordered(history: History, tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    history.save(file)  # to check it again: python -m tests.faults.delivery --check FILE
    assert faults(history) == [], file
    assert faults(History.load(file)) == []


def test_the_run_did_what_it_is_for(history: History) -> None:
    assert any(record["status"] == 0 for record in history.of("attempt"))
    assert {record["act"] for record in history.of("begin")} == {"send", "reply", "edit", "remove", "see"}
    assert sum(record["what"] == "opened" for record in history.of("stream")) > 8  # they came back


def _end_of_a_send(history: History) -> dict[str, Any]:
    """The record of how a send that was answered at once ended."""
    ops = [one["op"] for one in history.of("begin") if one["act"] == "send"]
    attempts = [one["op"] for one in history.of("attempt")]
    return next(one for one in history.of("end") if one["op"] in ops and attempts.count(one["op"]) == 1)


def _final(history: History) -> Final:
    return history.of("final")[0]


def _stored(history: History) -> list[list[Any]]:
    """Roots in the database that were neither removed nor edited.

    Each is [pk, seq, version, sender, client, removed_at, parent, root, content].
    """
    database = _final(history)["database"]
    edited = {message for message, *_ in database["texts"]}
    return [row for row in database["messages"] if row[5:7] == [None, None] and row[0] not in edited]


def _lose(history: History) -> None:
    _final(history)["database"]["messages"].remove(_stored(history)[0])


def _double(history: History) -> None:
    row = _stored(history)[0]
    _final(history)["database"]["messages"].append([999, 9_999, *row[2:]])


def _swap_places(history: History) -> None:
    first, *_, last = _stored(history)
    first[1], last[1] = last[1], first[1]


def _change_text(history: History) -> None:
    _stored(history)[0][-1] = "what nobody wrote"


def _bring_back(history: History) -> None:
    removed = next(row for row in _final(history)["database"]["messages"] if row[5])
    removed[5] = None


def _forget_edit(history: History) -> None:
    _final(history)["database"]["texts"].clear()


def _refuse(history: History) -> None:
    _end_of_a_send(history)["status"] = 403


def _never_answer(history: History) -> None:
    history.records.remove(_end_of_a_send(history))


def _unread_again(history: History) -> None:
    see = next(one for one in history.of("begin") if one["act"] == "see")
    _final(history)["database"]["unread"].append([see["who"], see["messages"][0]])


def _wrong_badge(history: History) -> None:
    _final(history)["pages"]["person0"]["badges"] = {"1": 77}


def _miss_event(history: History) -> dict[str, Any]:
    """A tab never gets the last row of somebody else. Returns the event that brought it."""
    senders = {row[0]: row[3] for row in _final(history)["database"]["messages"]}
    event = next(
        one
        for one in reversed(history.of("swap"))
        if one["source"] == "stream" and any(senders[row[0]] not in one["tab"] for row in one["born"])
    )
    missed = [row for row in event["born"] if senders[row[0]] not in event["tab"]]
    event["born"] = [row for row in event["born"] if row not in missed]
    return event | {"born": missed, "changed": [], "cursor": None}


def _late_event(history: History) -> None:
    """It gets the row in the end, after its cursor has moved on."""
    history.records.append(_miss_event(history))


def _page_in_disorder(history: History) -> None:
    _final(history)["pages"]["person0"]["rows"].reverse()


def _show_to_former_member(history: History) -> None:
    """Somebody is removed at the beginning, and nevertheless shown what is written then."""
    history.records.insert(1, {"kind": "membership", "at": 0.0001, "who": "person1", "what": "taken"})


def _page_without_the_oldest(history: History) -> None:
    for page in _final(history)["pages"].values():
        del page["rows"][0]


def _tell_stranger(history: History) -> None:
    history.of("stranger")[0]["texts"].append("person0 says 1;")


CORRUPTIONS: dict[str, tuple[Corrupt, str]] = {
    "a message is lost": (_lose, "durable"),
    "a message is stored twice": (_double, "durable"),
    "two messages have each other's places": (_swap_places, "order"),
    "a text was never written": (_change_text, "no_phantoms"),
    "a removed message is back": (_bring_back, "removals"),
    "edits have no history": (_forget_edit, "edits"),
    "a send was refused, but is stored": (_refuse, "durable"),
    "a send was never answered": (_never_answer, "answers"),
    "a message that was seen is unread": (_unread_again, "unread"),
    "a badge says something else": (_wrong_badge, "tabs"),
    "a tab missed an event": (_miss_event, "tabs"),
    "a row came after its place was passed": (_late_event, "every_moment"),
    "a page lacks its oldest message": (_page_without_the_oldest, "fresh_pages"),
    "a page is not in order": (_page_in_disorder, "fresh_pages"),
    "a former member is shown what is written": (_show_to_former_member, "taken_away"),
    "a stranger was shown a text": (_tell_stranger, "strangers"),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_what_is_wrong_in_a_history_is_found(history: History, name: str) -> None:
    corrupt, law = CORRUPTIONS[name]
    changed = History(copy.deepcopy(history.records))
    corrupt(changed)
    assert law in {found.partition(":")[0] for found in faults(changed)}
