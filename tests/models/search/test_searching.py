"""What a search finds, on both databases alike."""

from collections.abc import Iterable

import pytest

from messaging.models import Conversation, Message, SearchText, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from messaging.models.search import searching
from messaging.models.search.query import parse
from messaging.models.search.searching import Results, search
from tests.factories import RoomFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def found(reader: User, typed: str) -> list[str]:
    return [message.content for message in search(reader, parse(typed)).messages]


def write(room: Conversation, by: User, texts: Iterable[str]) -> list[Message]:
    return [post(room, by, text) for text in texts]


TEXTS = [
    "PLT-3699 is open",
    "PLT 3699 without its hyphen",
    "we use C++ here",
    "c is a letter",
    "don't do it",
    "TODO: x marks the spot",
    'say " it',
    "上海の天気",
    "안녕하세요 여러분",
    "Łódź by night",
    "see https://example.com/a?b=c",
    "> quoted words\n\nmine",
    "สวัสดีครับ",
    "مرحبا بالعالم",
    "שָׁלוֹם לכולם",
    "`ls -la` lists",
    "👍 nice",
    "❤️ love",
    "v2.10 is released",
    "the installer is installing",
]


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("PLT-3699", ["PLT-3699 is open"]),
        ("plt 3699", ["PLT 3699 without its hyphen", "PLT-3699 is open"]),
        ("C++", ["we use C++ here"]),
        ("don't", ["don't do it"]),
        ("don’t", ["don't do it"]),
        ("TODO: x", ["TODO: x marks the spot"]),
        ('"', ['say " it']),
        ("上海", ["上海の天気"]),
        ("天気", ["上海の天気"]),
        ("안녕", ["안녕하세요 여러분"]),
        ("lodz NIGHT", ["Łódź by night"]),
        ("example.com", ["see https://example.com/a?b=c"]),
        ("https", []),
        ("quoted", []),
        ("mine", ["> quoted words\n\nmine"]),
        ("สวัสดี", ["สวัสดีครับ"]),
        ("مرحبا", ["مرحبا بالعالم"]),
        ("שלום", ["שָׁלוֹם לכולם"]),
        ("👍", ["👍 nice"]),
        ("❤️", ["❤️ love"]),
        ("https://example.com/a", ["see https://example.com/a?b=c"]),
        ("“is installing”", ["the installer is installing"]),
        ("v2.10", ["v2.10 is released"]),
        ("install", ["the installer is installing"]),
        ("installer install", ["the installer is installing"]),
        ("insta released", []),
        ("insta* is", ["the installer is installing"]),
        ('"is install"', []),
        ('"is installing"', ["the installer is installing"]),
        ('"use C++"', ["we use C++ here"]),
        ("is -released -open -letter", ["the installer is installing"]),
        ("has:link", ["see https://example.com/a?b=c"]),
        ("has:code", ["`ls -la` lists"]),
        ("from:nobody", []),
        ("' OR 1=1 --", []),
        ("NEAR(a b) AND NOT", []),
        ("a:* & !b | <->", []),
        ("%", []),
    ],
)
def test_each_query_finds_what_it_says(
    room: Conversation, ada: User, ben: User, typed: str, texts: list[str]
) -> None:
    write(room, ben, TEXTS)
    assert found(ada, typed) == texts


def test_only_conversations_of_the_reader_are_searched(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    private = RoomFactory.create(by=ben, members=[cleo], is_private=True)
    write(private, ben, ["xylophone in private"])
    Message.objects.create(sender=ben, receiver=cleo, content="xylophone for cleo")
    write(room, ben, ["xylophone for all"])
    assert found(ada, "xylophone") == ["xylophone for all"]
    assert len(found(cleo, "xylophone")) == 3
    add(private, ada)
    assert len(found(ada, "xylophone")) == 2
    leave(private, ada)
    leave(room, ada)
    assert found(ada, "xylophone") == []


def test_edits_and_removals_show_at_once(room: Conversation, ada: User, ben: User) -> None:
    message, other = write(room, ben, ["high water", "high tide"])
    message.edit("low water")
    assert found(ada, "high") == ["high tide"]
    assert found(ada, "low") == ["low water"]
    message.remove(by=ben)
    assert found(ada, "low") == []
    other.delete()
    assert found(ada, "tide") == []
    assert not SearchText.objects.exists()


def test_people_who_are_deleted_leave_no_words(room: Conversation, ada: User, ben: User) -> None:
    kept, answered = write(room, ada, ["xylophone of ada"]) + write(room, ben, ["xylophone of ben"])
    post(room, ada, "an answer", parent=answered)
    ben.delete()
    assert found(ada, "xylophone") == [kept.content]
    assert SearchText.objects.filter(text__contains="ben").count() == 0


def test_pages_follow_each_other_without_gap_or_repetition(room: Conversation, ada: User, ben: User) -> None:
    texts = [f"wave {number}" for number in range(45)]
    write(room, ben, texts)
    for typed in ("wave", "from:ben", "wave -tide"):
        pages, before = [], None
        while True:
            page = search(ada, parse(typed), before)
            pages += [message.content for message in page.messages]
            if page.older is None:
                break
            before = page.older
        assert pages == texts[::-1]


def test_a_search_stops_after_many_hits_and_says_from_where_to_go_on(
    room: Conversation, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = RoomFactory.create(by=ben)
    write(room, ada, ["wave far back"])
    write(elsewhere, ben, [f"wave {number}" for number in range(30)])
    monkeypatch.setattr(searching, "HITS", (5, 10))
    results = search(ada, parse("wave"))
    assert (results.messages, results.is_full) == ([], False)
    seen = 0
    while results.older is not None and not results.messages:
        results = search(ada, parse("wave"), results.older)
        seen += 1
    assert [message.content for message in results.messages] == ["wave far back"]
    assert seen <= 3


def test_an_empty_installation_has_no_results(ada: User) -> None:
    assert search(ada, parse("words")) == Results([], None, is_full=False)
