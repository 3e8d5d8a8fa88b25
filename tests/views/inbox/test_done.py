"""Being done with a group, and with everything; and undoing that."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, Notification, User
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.inbox.blocking import block
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.settings import archive
from messaging.views.inbox.inbox import ASK_ABOVE
from tests.views.growing import write_roots
from tests.views.inbox.reading import badge, waiting
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = reverse("inbox")


def done(client: Client, room: Conversation, thread: Message | None = None, **fields: object) -> Answer:
    data = {"until": LARGEST_ID, **({"thread": thread.pk} if thread else {}), **fields}
    return client.post(reverse("inbox_done", args=[room.pk]), data)


def undo(client: Client, answer: Answer) -> Answer:
    page = Page(client.get(answer["Location"]) if "Location" in answer else answer)
    return client.post(reverse("inbox_undo"), {name: page.field_value(name) for name in ("undo", "first")})


@pytest.fixture
def thread(room: Conversation, direct: Conversation, ada: User, ben: User) -> Message:
    """Ben's message, with an answer of Ada's; one in the room, and one to Ben alone."""
    root = post(room, ben, "Who has the key?")
    post(room, ada, "I do", parent=root)
    post(room, ada, "The ferry is late")
    post(direct, ada, "Tea?")
    return root


def test_done_reads_one_group_and_can_be_undone(
    as_ben: Client, room: Conversation, direct: Conversation, thread: Message, ben: User
) -> None:
    everything = ["I do", "The ferry is late", "Tea?"]
    for place, root, left in (
        (room, None, ["I do", "Tea?"]),
        (room, thread, ["The ferry is late", "Tea?"]),
        (direct, None, ["I do", "The ferry is late"]),
    ):
        assert waiting(ben) == everything
        answer = done(as_ben, place, root)
        assert answer["Location"].startswith(f"{PLACE}?undo=")
        assert waiting(ben) == left
        assert "1 message marked as read." in Page(as_ben.get(answer["Location"])).html
        assert undo(as_ben, answer)["Location"] == PLACE
    assert waiting(ben) == everything


def test_undo_brings_back_what_was_marked_at_once_and_nothing_else(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    seen, *_ = write_roots(room, ada, 4)
    Message.unread_messages.mark_as_read_for_user(ben, [seen.pk])
    left = waiting(ben)
    answer = done(as_ben, room)
    new = write_roots(room, ada, 1)
    done(as_ben, room)
    undo(as_ben, answer)
    assert waiting(ben) == left
    undo(as_ben, answer)
    assert waiting(ben) == left
    assert Notification.objects.filter(user=ben, message__in=[seen, *new], read_at=None).count() == 0


def test_done_leaves_what_came_after_the_page_was_loaded(
    as_ben: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    until = Page(as_ben.get(PLACE)).field_value("until")
    post(room, ada, "later")
    done(as_ben, room, until=until)
    assert waiting(ben) == ["later"]


def test_done_reads_what_the_group_counts(as_ben: Client, room: Conversation, ada: User, ben: User) -> None:
    room.memberships.filter(user=ben).update(notification_level=NotificationLevel.PERSONAL)
    post(room, ada, "to all")
    post(room, ada, "for @ben")
    done(as_ben, room)
    assert waiting(ben) == ["to all"]


def test_nobody_reads_for_others(
    as_ada: Client, as_ben: Client, as_stranger: Client, room: Conversation, message: Message, ben: User
) -> None:
    answer = done(as_ben, room)
    page = Page(as_ben.get(answer["Location"]))
    fields = {name: page.field_value(name) for name in ("undo", "first")}
    for client in (as_ada, as_stranger):
        client.post(reverse("inbox_undo"), fields)
    assert waiting(ben) == []
    undo(as_ben, answer)
    done(as_ada, room)
    assert done(as_stranger, room).status_code == 404
    assert waiting(ben) == [message.content]


@pytest.mark.parametrize("value", [None, "", "abc", "-1", "1" * 5_000, "\x00", str(2**63), "0"])
@pytest.mark.parametrize("name", ["until", "thread", "undo", "first"])
def test_a_broken_request_changes_nothing(
    as_ben: Client, room: Conversation, message: Message, ben: User, name: str, value: str | None
) -> None:
    fields = {"until": "1", "thread": "1", "undo": "1", "first": "1"} | (
        {name: value} if value is not None else {}
    )
    for address in (reverse("inbox_done", args=[room.pk]), reverse("inbox_undo")):
        assert as_ben.post(address, fields)["Location"] == PLACE
    assert waiting(ben) == [message.content]


@pytest.mark.parametrize(
    "end", [lambda room, ada, ben: block(ben, ada), lambda room, ada, ben: archive(room, ada)]
)
def test_undo_brings_back_nothing_of_a_blocked_person_or_an_archived_room(
    as_ben: Client,
    room: Conversation,
    message: Message,
    ada: User,
    ben: User,
    end: Callable[[Conversation, User, User], None],
) -> None:
    answer = done(as_ben, room)
    end(room, ada, ben)
    undo(as_ben, answer)
    assert waiting(ben) == []


def test_the_answer_for_htmx_is_the_list_as_it_was_open_with_the_sidebar_and_what_undoes_it(
    as_ben: Client, room: Conversation, thread: Message, ben: User
) -> None:
    address = f"{reverse('inbox_done', args=[room.pk])}?show=threads"
    answer = as_ben.post(address, {"until": LARGEST_ID, "thread": thread.pk}, headers=FRAGMENT)
    page = Page(answer)
    assert not page.is_whole
    assert page.words() == []
    assert "Nothing waits here" in page.html
    assert badge(page, "inbox") == "1"
    undo(as_ben, answer)
    assert waiting(ben) == ["I do", "The ferry is late", "Tea?"]


def test_without_script_the_same_part_of_the_inbox_is_open_afterwards(
    as_ben: Client, room: Conversation, thread: Message
) -> None:
    address = f"{reverse('inbox_done', args=[room.pk])}?show=rooms&page=2&evil=1"
    place = as_ben.post(address, {"until": LARGEST_ID})["Location"]
    assert place.startswith(f"{PLACE}?show=rooms&page=2&undo=")
    assert "evil" not in place


def test_marking_all_as_read_leaves_messages_that_came_after_the_page_was_loaded_and_can_be_undone(
    as_ben: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    until = Page(as_ben.get(PLACE)).field_value("until")
    post(room, ada, "later")
    answer = as_ben.post(reverse("all_read"), {"until": until})
    assert waiting(ben) == ["later"]
    undo(as_ben, answer)
    assert waiting(ben) == [message.content, "later"]


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ("", []),
        ("for-me", ["The ferry is late"]),
        ("threads", ["The ferry is late", "Tea?"]),
        ("rooms", ["I do", "Tea?"]),
    ],
)
def test_marking_a_filter_as_read_leaves_the_rest(
    as_ben: Client, thread: Message, ben: User, what: str, left: list[str]
) -> None:
    as_ben.post(reverse("all_read"), {"what": what, "until": LARGEST_ID})
    assert waiting(ben) == left


@pytest.mark.parametrize("number", [ASK_ABOVE, ASK_ABOVE + 1])
def test_marking_many_messages_as_read_asks_for_confirmation(
    as_ben: Client, room: Conversation, ada: User, number: int
) -> None:
    write_roots(room, ada, number)
    page = Page(as_ben.get(PLACE))
    assert (f"{reverse('all_read')}?what=" in page.links) == (number > ASK_ABOVE)
    assert f"Mark {number} messages as read?" in Page(as_ben.get(reverse("all_read"))).html


@pytest.mark.parametrize("until", [None, "", "abc", "-1", "1" * 5_000, "\x00"])
def test_request_without_a_valid_until_marks_nothing_as_read(
    as_ben: Client, message: Message, ben: User, until: str | None
) -> None:
    fields = {"what": "\x00"} | ({} if until is None else {"until": until})
    assert as_ben.post(reverse("all_read"), fields)["Location"] == reverse("all_read")
    assert waiting(ben) == [message.content]
