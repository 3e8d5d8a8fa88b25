"""A public room can be read before one joins it; nothing else of it is open to those who have not joined."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.live.opening import admit
from messaging.models import Conversation, Message, Notification, User
from messaging.models.db.refusals import Refused
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import PAGE_SIZE
from messaging.models.rooms.members import join, leave, remove_member
from messaging.models.rooms.settings import archive, remove_room
from tests.factories import RoomFactory
from tests.views.growing import write_roots
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def square(ada: User, ben: User) -> Conversation:
    """A public room of Ada and Ben."""
    return RoomFactory.create(name="Square", by=ada, topic="Talk of the town", members=[ben])


@pytest.fixture
def message(square: Conversation, ada: User, ben: User) -> Message:
    """What Ada wrote there, edited and answered."""
    message = post(square, ada, "Land oh")
    message.edit("Land ho")
    post(square, ben, "Where?", parent=message)
    return message


def address(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


def test_its_page_shows_the_messages_and_joining_in_place_of_writing(
    as_stranger: Client, square: Conversation, message: Message
) -> None:
    page = Page(as_stranger.get(address("conversation", square.pk)))
    assert page.words() == ["Land ho"]
    assert '2 people · <bdi class="topic">Talk of the town</bdi>' in " ".join(page.html.split())
    assert [form.attributes["action"] for form in page.all("join-bar")] == [
        address("conversation_join", square.pk)
    ]
    assert not page.all("composer")
    assert not page.all("typing")
    assert "data-seen" not in page.html  # it reports nothing as read
    assert 'hx-sse:connect="/live/"' in page.html  # the stream has the person's own events only
    assert "data-cursor" not in page.html


def test_a_member_writes_and_follows_and_is_not_asked_to_join(
    as_ben: Client, square: Conversation, message: Message
) -> None:
    page = Page(as_ben.get(address("conversation", square.pk)))
    assert not page.all("join-bar")
    assert page.all("composer")
    assert f'hx-sse:connect="/live/?conversation={square.pk}"' in page.html


def test_every_message_can_be_reached_by_the_links_of_the_page(
    as_stranger: Client, as_ben: Client, ada: User, square: Conversation
) -> None:
    messages = write_roots(square, ada, 2 * PAGE_SIZE + 5)
    first = address("conversation", square.pk)
    as_ben.get(first)  # a member's page, with other links, is in the cache
    for link, place in (("?before=", first), ("?after=", f"{first}?before={messages[1].seq}")):
        seen = set()
        while place:
            page = Page(as_stranger.get(place))
            assert not [one for one in page.elements if "/messages/?" in one.attributes.get("hx-get", "")]
            seen |= set(page.words())
            links = [
                one for one in page.links if link in one and "?after=0#" not in one
            ]  # not that of the menu
            place = links[0].partition("#")[0] if links else ""
        assert seen == {message.content for message in messages}


def test_links_to_messages_lead_to_their_place_in_the_timeline(
    as_stranger: Client, ada: User, square: Conversation, message: Message
) -> None:
    reply = post(square, ada, "Over there", parent=message)
    below = post(square, ada, "And here", parent=reply)
    root = f"{address('conversation', square.pk)}?around={message.seq}#m-{message.pk}"
    for one in (message, reply, below):
        assert as_stranger.get(address("message", one.pk))["Location"] == root
    assert Page(as_stranger.get(root)).words() == ["Land ho"]


def test_reading_changes_nothing_and_nothing_counts_as_unread(
    as_stranger: Client, stranger: User, square: Conversation, message: Message, ada: User
) -> None:
    square.refresh_from_db()
    version = square.version
    assert as_stranger.get(address("conversation", square.pk)).status_code == 200
    assert as_stranger.get(address("message", message.pk)).status_code == 302
    post(square, ada, "Hello @stranger")  # no member, so no mention
    square.refresh_from_db()
    assert square.version == version + 1  # by what Ada wrote
    assert not Notification.objects.filter(user=stranger).exists()
    assert not stranger.memberships.exists()
    assert (sidebar_of(stranger).unread, sidebar_of(stranger).entries) == (0, {})
    assert Page(as_stranger.get("/unread/")).words() == []
    as_stranger.post(address("conversation_join", square.pk))
    assert sidebar_of(stranger).unread == 0
    post(square, ada, "Welcome")
    assert sidebar_of(stranger).unread == 1


def test_what_is_done_in_it_is_for_members_only(
    as_stranger: Client, square: Conversation, message: Message
) -> None:
    of_room = ("message_send", "conversation_seen", "conversation_read", "conversation_typing")
    fragments = ("conversation_fresh", "conversation_title", "conversation_unread_threads")
    of_message = ("message_reply", "message_edit", "message_remove", "message_unread")
    answers = [as_stranger.post(address(name, square.pk), {"content": "Hi"}) for name in of_room]
    answers += [as_stranger.post(address(name, message.pk), {"content": "Hi"}) for name in of_message]
    answers += [as_stranger.get(address(name, square.pk)) for name in (*fragments, "conversation_members")]
    lists = ("thread", "thread_list", "message_history", "message_menu", "message_reply")
    answers += [as_stranger.get(address(name, message.pk)) for name in lists]
    answers += [as_stranger.get(address("message_list", square.pk), headers=FRAGMENT)]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert square.messages.count() == 2


def test_no_stream_and_no_search_show_it_before_one_has_joined(
    as_stranger: Client, square: Conversation, message: Message
) -> None:
    with pytest.raises(Refused):
        admit(as_stranger.session.session_key or "", square.pk, None)
    for query in ("Land", "in:square", "in:#Square Land"):
        assert Page(as_stranger.get("/search/", {"q": query})).words() == []
    as_stranger.post(address("conversation_join", square.pk))
    assert admit(as_stranger.session.session_key or "", square.pk, None).changes
    assert "ho" in as_stranger.get("/search/", {"q": "Land"}).content.decode()


def test_a_former_member_reads_what_everybody_can_read_and_changes_nothing(
    as_ada: Client, square: Conversation, message: Message, ada: User
) -> None:
    leave(square, ada)
    assert Page(as_ada.get(address("conversation", square.pk))).words() == ["Land ho"]
    for name in ("message_edit", "message_remove", "thread", "message_history"):
        assert as_ada.get(address(name, message.pk)).status_code == 404


Change = Callable[[Conversation, User, User], object]


def _ban(room: Conversation, ada: User, stranger: User) -> None:
    join(room, stranger)
    remove_member(room, stranger, by=ada)


@pytest.mark.parametrize(
    "change",
    [
        lambda room, ada, stranger: Conversation.objects.filter(pk=room.pk).update(is_private=True),
        lambda room, ada, stranger: remove_room(room, by=ada),
        lambda room, ada, stranger: User.objects.filter(pk=stranger.pk).update(role=User.Role.GUEST),
        _ban,
    ],
    ids=["private", "removed", "guest", "banned"],
)
def test_who_may_not_join_does_not_read(
    as_stranger: Client, square: Conversation, message: Message, ada: User, stranger: User, change: Change
) -> None:
    places = [address("conversation", square.pk), address("message", message.pk)]
    assert [as_stranger.get(place).status_code for place in places] == [200, 302]  # and the caches are warm
    change(square, ada, stranger)
    for place in (*places, f"{places[0]}?around={message.seq}"):
        answer = as_stranger.get(place)
        assert answer.status_code == 404
        assert "Land" not in answer.content.decode()


def test_an_archived_room_can_be_read_and_says_so(
    as_stranger: Client, square: Conversation, message: Message, ada: User
) -> None:
    archive(square, by=ada)
    page = Page(as_stranger.get(address("conversation", square.pk)))
    assert page.words() == ["Land ho"]
    assert "It is archived" in page.all("join-bar")[0].text


def test_the_directory_leads_into_rooms_that_one_has_not_joined(
    as_stranger: Client, square: Conversation
) -> None:
    assert address("conversation", square.pk) in Page(as_stranger.get("/rooms/")).links
