"""The directory of rooms, joining, and leaving."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Membership, User
from messaging.models.messages.saving import post
from messaging.models.rooms import settings
from messaging.views.rooms.directory import ROOMS_SHOWN
from tests.factories import RoomFactory
from tests.views.page import Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
DIRECTORY = "/rooms/"


@pytest.fixture
def square(ada: User) -> Conversation:
    """A room that everybody may join."""
    return RoomFactory.create(name="Square", by=ada, topic="Talk of the town")


def names(page: Page) -> list[str]:
    return [room.text.split("\n")[1].strip() for room in page.all("room-text")]


def join(client: Client, room: Conversation) -> int:
    return client.post(reverse("conversation_join", args=[room.pk])).status_code


def leave(client: Client, conversation: Conversation) -> str:
    return client.post(leaving(conversation)).headers.get("Location", "")


def leaving(conversation: Conversation) -> str:
    return reverse("conversation_leave", args=[conversation.pk])


def test_the_directory_shows_open_rooms_and_ones_own_and_says_which(
    as_ada: Client, as_stranger: Client, room: Conversation, square: Conversation
) -> None:
    hers, theirs = Page(as_ada.get(DIRECTORY)), Page(as_stranger.get(DIRECTORY))
    assert names(hers) == ["Harbour", "# Square"]
    assert names(theirs) == ["# Square"]
    assert "· joined" in hers.html
    assert "· joined" not in theirs.html
    assert "Talk of the town" in theirs.html
    assert "1 person" in theirs.html


def test_a_long_directory_comes_by_the_page(as_ada: Client, ada: User) -> None:
    for number in range(ROOMS_SHOWN + 5):
        RoomFactory.create(name=f"room {number:03}", by=ada)
    first, second = (Page(as_ada.get(f"{DIRECTORY}?page={number}")) for number in (1, 2))
    assert len(names(first)) == ROOMS_SHOWN
    assert names(second) == [f"# room {number:03}" for number in range(ROOMS_SHOWN, ROOMS_SHOWN + 5)]
    assert "?page=2" in first.links


def test_the_directory_has_the_order_that_people_expect(as_ada: Client, ada: User) -> None:
    for name in ("billing 10", "Zebra", "apple", "billing 2"):
        RoomFactory.create(name=name, by=ada)
    assert names(Page(as_ada.get(DIRECTORY))) == ["# apple", "# billing 2", "# billing 10", "# Zebra"]
    settings.rename(Conversation.objects.get(name="Zebra"), "aardvark 3", "", ada)
    assert names(Page(as_ada.get(DIRECTORY)))[0] == "# aardvark 3"


@pytest.mark.parametrize("page", ["abc", "", "0", "-1", "1" * 5_000, str(2**63), "%00", "%FF"])
def test_a_page_that_there_is_not_is_no_error(as_ada: Client, square: Conversation, page: str) -> None:
    answer = as_ada.get(f"{DIRECTORY}?page={page}")
    assert answer.status_code == 200
    assert names(Page(answer)) == ["# Square"]


def test_joining_an_open_room_allows_reading_and_writing(
    as_stranger: Client, square: Conversation, ada: User, stranger: User
) -> None:
    post(square, ada, "Welcome")
    place = reverse("conversation", args=[square.pk])
    assert "Join" in as_stranger.get(place).content.decode()
    assert join(as_stranger, square) == 302
    assert Page(as_stranger.get(place)).words() == ["Welcome"]
    assert as_stranger.post(reverse("message_send", args=[square.pk]), {"content": "Hi"}).status_code == 302


def test_joining_again_changes_nothing(as_stranger: Client, square: Conversation) -> None:
    assert [join(as_stranger, square), join(as_stranger, square)] == [302, 302]
    assert square.memberships.count() == 2


def test_private_rooms_and_direct_conversations_cannot_be_joined(
    as_stranger: Client, room: Conversation, direct: Conversation, stranger: User
) -> None:
    assert join(as_stranger, room) == 404
    assert join(as_stranger, direct) == 404
    assert not stranger.memberships.exists()


def test_leaving_ends_writing_and_removes_unread_messages(
    as_ben: Client, square: Conversation, ada: User, ben: User
) -> None:
    join(as_ben, square)
    post(square, ada, "For you")
    assert leave(as_ben, square) == "/"
    page = Page(as_ben.get(reverse("conversation", args=[square.pk])))
    assert page.all("join-bar")
    assert not page.all("composer")
    assert as_ben.get(reverse("message_list", args=[square.pk])).status_code == 404
    assert not ben.notifications.exists()


def test_a_direct_conversation_cannot_be_left(as_ben: Client, direct: Conversation) -> None:
    assert leave(as_ben, direct) == reverse("conversation", args=[direct.pk])
    assert direct.memberships.count() == 2


def test_a_group_can_be_left(as_ben: Client, ada: User, ben: User, stranger: User) -> None:
    group = Conversation.objects.create_group(by=ada, others=[ben, stranger])
    assert leave(as_ben, group) == "/"
    assert not group.memberships.filter(user=ben).exists()


def test_leaving_by_a_link_asks_first(as_ben: Client, room: Conversation) -> None:
    page = as_ben.get(reverse("conversation_leave", args=[room.pk])).content.decode()
    assert "only come back if an administrator of the room adds you" in page
    assert room.memberships.count() == 2
    assert "Leave this room…" in as_ben.get(reverse("conversation", args=[room.pk])).content.decode()
    assert leave(as_ben, room) == "/"
    assert room.memberships.count() == 1


def test_the_page_says_who_can_add_somebody_who_left(
    as_ben: Client, ada: User, ben: User, room: Conversation, square: Conversation
) -> None:
    group = Conversation.objects.create_group(by=ada, others=[ben])
    without_administrator = RoomFactory.create(by=ada, members=[ben], is_private=True)
    without_administrator.memberships.update(role=Membership.Role.MEMBER)
    for conversation in (group, without_administrator):
        assert "back if a member adds you" in Page(as_ben.get(leaving(conversation))).html
    join(as_ben, square)
    assert "join again at any time" in Page(as_ben.get(leaving(square))).html
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    assert "back if a member adds you" in Page(as_ben.get(leaving(square))).html


def test_the_directory_is_searched_by_name_and_topic(
    as_ada: Client, room: Conversation, square: Conversation
) -> None:
    assert names(Page(as_ada.get(f"{DIRECTORY}?q=HARB"))) == ["Harbour"]
    assert names(Page(as_ada.get(f"{DIRECTORY}?q=town"))) == ["# Square"]
    nothing = Page(as_ada.get(f"{DIRECTORY}?q=sea"))
    assert names(nothing) == []
    assert "No matching rooms" in nothing.html


def test_a_search_finds_no_private_room_of_others(as_stranger: Client, room: Conversation) -> None:
    assert "Harbour" not in as_stranger.get(f"{DIRECTORY}?q=harbour").content.decode()


def make(client: Client, **fields: str) -> Answer:
    return client.post(
        reverse("room_new"), {"name": "Quay", "topic": "Ships", "is_private": "public"} | fields
    )


def adding(room: Conversation) -> str:
    """Where people are added to a room that was just made."""
    return f"{reverse('conversation_members', args=[room.pk])}?new"


def test_a_public_room_is_made(as_ada: Client, as_ben: Client, ada: User) -> None:
    assert make(as_ada).status_code == 302
    room = Conversation.objects.get()
    assert (room.name, room.topic, room.is_private, room.created_by) == ("Quay", "Ships", False, ada)
    assert names(Page(as_ben.get(DIRECTORY))) == ["# Quay"]


def test_a_private_room_is_made(as_ada: Client, as_ben: Client) -> None:
    make(as_ada, is_private="private")
    assert Conversation.objects.get().is_private
    assert names(Page(as_ben.get(DIRECTORY))) == []


@pytest.mark.parametrize("kind", ["public", "private"])
def test_making_a_room_leads_to_adding_people_and_then_to_the_room(
    as_ada: Client, ben: User, stranger: User, kind: str
) -> None:
    answer = make(as_ada, is_private=kind)
    room = Conversation.objects.get()
    assert answer["Location"] == adding(room)
    page = Page(as_ada.get(adding(room)))
    assert [choice.text for choice in page.all("choice-name")] == ["Ben Okri", "Stranger"]
    assert reverse("conversation", args=[room.pk]) in page.links  # without adding anybody
    again = Page(as_ada.post(adding(room), {"q": "ben", "search": "1"}))
    assert [choice.text for choice in again.all("choice-name")] == ["Ben Okri"]
    nobody = as_ada.post(adding(room), {})
    assert nobody.status_code == 422
    assert "Choose at least one person" in Page(nobody).all("errors")[0].text
    added = as_ada.post(adding(room), {"people": [ben.pk]})
    assert added["Location"] == reverse("conversation", args=[room.pk])
    assert set(room.members.values_list("username", flat=True)) == {"ada", "ben"}


def test_a_room_of_somebody_who_is_alone_leads_to_inviting(as_ada: Client, ada: User) -> None:
    make(as_ada)
    room = Conversation.objects.get()
    inviting = f"{reverse('invitation_list')}?room={room.pk}"
    alone = Page(as_ada.get(adding(room)))
    assert "There are no other people" in alone.html
    assert inviting not in alone.links
    assert [one.text for one in alone.all("button") if one.text == "Add"] == []
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    assert inviting in Page(as_ada.get(adding(room))).links


def test_only_those_who_may_add_people_are_asked_to(
    as_ben: Client, room: Conversation, ben: User, ada: User
) -> None:
    """The page after making a room is no way around the right to add people, and no page of groups."""
    page = Page(as_ben.get(adding(room)))
    assert not page.all("choice")
    assert "Only administrators of this private room" in page.html
    group = Conversation.objects.create_group(ada, [ben])
    assert "The room was created" not in as_ben.get(adding(group)).content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "visible text"),
        ({"name": "\u2800"}, "visible text"),
        ({"name": "x" * 81}, "the limit is 80"),
        ({"topic": "x" * 251}, "the limit is 250"),
        ({"name": "HARBOUR"}, "A room with this name already exists"),
        ({"is_private": "perhaps"}, "valid choice"),
    ],
)
def test_an_invalid_room_is_refused_with_the_reason_and_the_typed_values(
    as_stranger: Client, room: Conversation, fields: dict[str, str], said: str
) -> None:
    answer = make(as_stranger, **fields)
    page = Page(answer)
    assert answer.status_code == 422
    assert said in page.all("errors")[0].text
    assert page.field_value("topic") == fields.get("topic", "Ships")
    assert page.field_value("name") == fields.get("name", "Quay")
    assert Conversation.objects.count() == 1
