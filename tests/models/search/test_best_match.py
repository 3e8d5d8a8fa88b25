"""Searching by best match."""

import pytest

from messaging.models import Conversation, User
from messaging.models.search import searching
from messaging.models.search.query import parse
from messaging.models.search.searching import search_best
from tests.factories import RoomFactory
from tests.models.search.test_searching import write

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def best(reader: User, typed: str, before: int | None = None) -> list[str]:
    return [message.content for message in search_best(reader, parse(typed), before).messages]


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("tide", ["tide tide tide", "the tide", "the tide " + "and more words " * 20]),
        ("seal pier", ["seal and pier", "seal " + "far from it " * 20 + "pier"]),
        ("-more tide", ["tide tide tide", "the tide"]),
        ("from:ben tide", ["the tide"]),
        ("from:ben", ["nothing of it", "the tide"]),
        ("tid", ["tide tide tide", "the tide", "the tide " + "and more words " * 20]),
    ],
)
def test_the_best_match_comes_first(
    room: Conversation, ada: User, ben: User, typed: str, texts: list[str]
) -> None:
    write(room, ada, ["tide tide tide"])
    write(room, ben, ["the tide"])
    write(room, ada, ["the tide " + "and more words " * 20])
    write(room, ada, ["seal and pier", "seal " + "far from it " * 20 + "pier"])
    write(room, ben, ["nothing of it"])
    assert best(ada, typed) == [text.strip() for text in texts]


def test_the_best_matches_are_looked_for_in_windows_of_hits(
    room: Conversation, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "RANKED_HITS", (3, 6))
    elsewhere = RoomFactory.create(by=ben)
    old = write(room, ada, ["wave wave", "wave"])
    hidden = write(elsewhere, ben, ["wave"] * 9)
    write(room, ada, ["wave of spray", "wave and wave"])
    first = search_best(ada, parse("wave"))
    assert [message.content for message in first.messages] == ["wave and wave", "wave of spray"]
    assert first.older == hidden[-1].pk
    second = search_best(ada, parse("wave"), first.older)  # nothing is visible in the first window of these
    assert [message.content for message in second.messages] == ["wave"]
    assert second.older == old[1].pk
    last = search_best(ada, parse("wave"), second.older)
    assert ([message.content for message in last.messages], last.older) == (["wave wave"], None)
