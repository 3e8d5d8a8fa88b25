"""Keywords: who is notified by a word of their own, what an edit changes, and what sending costs."""

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, Installation, Membership, Message, Notification, User
from messaging.models.inbox.blocking import block
from messaging.models.messages.keywords import MOST_OF_PERSON, Keyword, checked_keywords, save_keywords
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.members import leave
from tests.contract.counting import statements
from tests.factories import RoomFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def room(ada: User, ben: User, cleo: User) -> Conversation:
    return RoomFactory.create(by=ada, members=[ben, cleo])


def want(user: User, *words: str) -> None:
    save_keywords(user, checked_keywords(words))


def reasons(message: Message) -> dict[str, str]:
    rows = Notification.objects.filter(message=message).order_by("user__username")
    return dict(rows.values_list("user__username", "reason"))


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("launch", "When is the LAUNCH?", True),
        ("launch", "launching soon", False),
        ("launch", "re-launch", True),
        ("cafe", "Le Café, at nine", True),
        ("Straße", "an der STRASSE", True),
        ("low tide", "at **low** tide", True),
        ("low tide", "at low, tide", True),
        ("low tide", "low and tide", False),
        ("上海", "我在上海工作", True),
        ("launch", "> launch\n\nno", False),
        ("launch", "https://example.org/launch/", True),
    ],
)
def test_whole_words_are_found_as_the_search_finds_them(
    room: Conversation, ada: User, ben: User, word: str, text: str, is_found: bool
) -> None:
    want(ben, word)
    assert reasons(post(room, ada, text))["ben"] == ("keyword" if is_found else "room")


def test_a_keyword_is_for_those_who_may_read_it_and_want_to(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    for person in (ada, ben, cleo):
        want(person, "launch")
    assert reasons(post(room, ada, "launch")) == {"ben": "keyword", "cleo": "keyword"}  # never the author
    assert reasons(post(room, ada, "launch, @ben and @room")) == {"ben": "mention", "cleo": "@room"}
    elsewhere = RoomFactory.create(by=ada, members=[cleo])
    assert reasons(post(elsewhere, ada, "launch")) == {"cleo": "keyword"}  # Ben is no member
    Membership.objects.filter(user=cleo).update(notification_level=NotificationLevel.MUTED)
    block(ben, ada)
    assert reasons(post(room, ada, "launch")) == {"cleo": "room"}
    leave(room, cleo)
    assert reasons(post(room, ada, "launch")) == {}


def test_a_reply_with_a_keyword_is_for_people_who_do_not_follow_the_thread(
    room: Conversation, ada: User, ben: User
) -> None:
    want(ben, "launch")
    root = post(room, ada, "Plans")
    assert reasons(post(room, ada, "lunch", parent=root)) == {}
    assert reasons(post(room, ada, "launch", parent=root)) == {"ben": "keyword"}
    direct = Conversation.objects.direct(ada, ben)
    assert reasons(post(direct, ada, "launch")) == {"ben": "direct"}


def test_an_edit_that_adds_a_keyword_notifies_and_one_that_takes_it_away_withdraws_that(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    message = post(room, ada, "lunch")
    want(ben, "launch")
    Message.unread_messages.mark_as_read_for_user(ben, [message.pk])
    message.edit("launch")
    assert reasons(message) == {"ben": "keyword", "cleo": "room"}
    assert message.notifications.get(user=ben).read_at is None
    Message.unread_messages.mark_as_read_for_user(ben, [message.pk])
    message.edit("The launch")
    assert message.notifications.get(user=ben).read_at  # he knows of it
    message.edit("The lunch")
    assert reasons(message) == {"ben": "room", "cleo": "room"}
    reply = post(room, ada, "launch", parent=message)
    reply.edit("lunch")
    assert reasons(reply) == {}
    private = post(Conversation.objects.direct(ada, ben), ada, "lunch")
    private.edit("launch")
    assert reasons(private) == {"ben": "direct"}


def test_sending_costs_no_query_more(room: Conversation, ada: User, ben: User, cleo: User) -> None:
    post(room, ada, "launch")
    with statements() as before:
        post(room, ada, "launch")
    assert not any("keyword" in one and "messaging_keyword" in one for one in before)
    want(cleo, "tide")
    post(room, ada, "launch")  # this process reads the keywords of the site once
    with statements() as without:
        post(room, ada, "launch")
    want(ben, "launch")
    post(room, ada, "launch")
    with statements() as found:
        assert reasons(post(room, ada, "launch"))["ben"] == "keyword"
    assert len(before) == len(without) == len(found) - 1  # `reasons` is the last


def test_the_site_has_no_key_while_nobody_has_keywords(ben: User, cleo: User) -> None:
    def key() -> str:
        return Installation.objects.current().keywords_key

    assert key() == ""
    want(ben, "launch")
    first = key()
    want(ben, "launch")
    assert key() == first != ""
    want(cleo, "tide")
    assert key() not in ("", first)
    want(ben)
    want(cleo)
    assert key() == ""


def test_keywords_are_kept_once_and_refused_if_nothing_could_be_found(ben: User) -> None:
    want(ben, "Launch", "LAUNCH", "  ", "low  tide")
    assert list(ben.keywords.values_list("word", "folded")) == [
        ("Launch", "launch"),
        ("low tide", "low tide"),
    ]
    for words in (["!?"], ["x" * 61], [f"word{number}" for number in range(MOST_OF_PERSON + 1)]):
        with pytest.raises(ValidationError):
            checked_keywords(words)
    assert len(checked_keywords(map(str, range(MOST_OF_PERSON)))) == MOST_OF_PERSON
    ben.delete()
    assert not Keyword.objects.exists()
