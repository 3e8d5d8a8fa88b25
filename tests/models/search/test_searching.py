"""What a search finds, on both databases alike."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from messaging.models import Conversation, Message, SearchText, User
from messaging.models.inbox.later import put_off
from messaging.models.inbox.places import Place
from messaging.models.messages.pinning import pin
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.reacting import react, unreact
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


def test_what_is_pinned_and_what_was_put_off_is_found(room: Conversation, ada: User, ben: User) -> None:
    one, two, _three = (post(room, ada, word) for word in ("one", "two", "three"))
    pin(one, ada)
    assert found(ben, "is:pinned") == ["one"]
    last = ben.notifications.get(message=two).pk
    put_off(ben, Place(room.pk), timezone.now() + timedelta(hours=1), last)
    assert sorted(found(ben, "is:later")) == ["one", "two"]
    assert found(ada, "is:later") == []
    assert found(ben, "is:later -is:pinned") == ["two"]


def test_messages_with_reactions_are_found(room: Conversation, ada: User, ben: User) -> None:
    write(room, ben, ["one", "two", "three"])
    for text in ("one", "three"):
        react(Message.objects.get(content=text), ada, "🎉")
    unreact(Message.objects.get(content="three"), ada, "🎉")
    assert found(ada, "has:reaction") == ["one"]
    assert sorted(found(ada, "-has:reaction")) == ["three", "two"]
    assert found(ada, "has:reaction two") == []


def test_polls_and_task_lists_are_found_until_they_are_none(room: Conversation, ada: User) -> None:
    poll = post(room, ada, "Lunch?", poll=NewPoll(("Soup", "Herring")))
    tasks = post(room, ada, "- [ ] tea")
    post(room, ada, '`<li dir="auto" class="task">`')
    assert found(ada, "has:poll") == found(ada, "has:poll herring") == ["Lunch?"]
    assert found(ada, "has:task") == ["- [ ] tea"]
    assert "Lunch?" not in found(ada, "-has:poll")
    poll.remove(by=ada)
    tasks.edit("tea")
    assert found(ada, "has:poll") == found(ada, "has:task") == []


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


def test_operators_filter_by_person_place_and_state(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    attic = RoomFactory.create(name="attic", by=ada, members=[ben])
    root, other = write(room, ben, ["one for @ada", "one"])
    post(room, cleo, "one reply", parent=root)
    post(attic, ada, "one above")
    Message.objects.create(sender=ben, receiver=ada, content="one in private")
    other.edit("one more")
    expected = {
        "one from:ben": ["one more", "one in private", "one for @ada"],
        "one from:me": ["one above"],
        "one -from:ben": ["one above", "one reply"],
        "one in:attic": ["one above"],
        "one in:#gard": ["one reply", "one more", "one for @ada"],
        "one in:@ben": ["one in private"],
        "one with:ben": ["one in private"],
        "one mentions:me": ["one for @ada"],
        "one to:me": ["one in private", "one for @ada"],
        "one is:edited": ["one more"],
        "one is:thread": ["one reply", "one for @ada"],
        "one is:mine": ["one above"],
        "one is:unread -from:cleo": ["one in private", "one more", "one for @ada"],
    }
    assert {typed: sorted(found(ada, typed)) for typed in expected} == {
        typed: sorted(texts) for typed, texts in expected.items()
    }


def test_dates_are_of_the_readers_time_zone(room: Conversation, ada: User, ben: User) -> None:
    with timezone.override("Pacific/Auckland"):  # twelve hours ahead of UTC, thirteen in summer
        noon = datetime(2026, 3, 14, 0, 30, tzinfo=timezone.get_current_timezone())
        for days in (-1, 0, 1):
            post(room, ben, f"day {days}", timestamp=noon + timedelta(days=days))
        assert found(ada, "day on:2026-03-14") == ["day 0"]
        assert found(ada, "day before:2026-03-14") == ["day -1"]
        assert found(ada, "day after:2026-03-14") == ["day 1"]
        assert found(ada, "day -on:2026-03-14") == ["day 1", "day -1"]
        assert len(found(ada, "day during:2026-03")) == 3


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


def test_a_part_of_a_name_that_is_the_readers_too_means_the_others(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    for person in (ada, ben):
        person.display_name = f"{person.username} Miller"
        person.save()
    Message.objects.create(sender=ada, receiver=cleo, content="one for cleo")
    Message.objects.create(sender=ada, receiver=ben, content="one for ben")
    assert found(ada, "one with:miller") == ["one for ben"]
    assert found(ada, "one in:@") == []


def test_an_empty_installation_has_no_results(ada: User) -> None:
    assert search(ada, parse("words")) == Results([], None, is_full=False)
