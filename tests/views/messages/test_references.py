"""A link to a message shows that message to those who may read it, and to all others it is only a link."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Block, Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from messaging.models.rooms.settings import archive, remove_room
from tests.factories import RoomFactory
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db
HOST = "testserver"


def link_to(message: Message | int, host: str = HOST) -> str:
    pk = message if isinstance(message, int) else message.pk
    return f"http://{host}/messages/{pk}/"


@pytest.fixture
def cove(ada: User, ben: User) -> Conversation:
    """A private room that Ada and Ben are in, beside the one of `message`, which Ada alone can read."""
    return RoomFactory.create(name="Cove", by=ada, members=[ben], is_private=True)


@pytest.fixture
def secret(ada: User) -> Message:
    return post(RoomFactory.create(name="Vault", by=ada, is_private=True), ada, "Gold below")


def page_of(client: Client, conversation: Conversation) -> str:
    return client.get(reverse("conversation", args=[conversation.pk])).content.decode()


def cards(client: Client, *ids: int) -> str:
    numbers = " ".join(map(str, ids))
    return client.get(reverse("message_references"), {"of": numbers}, headers=FRAGMENT).content.decode()


def shows(client: Client, message: Message) -> bool:
    return f'data-message="{message.pk}"' in cards(client, message.pk)


def test_a_reader_sees_the_message_with_its_author_room_and_words(
    as_ada: Client, ada: User, cove: Conversation, secret: Message
) -> None:
    post(cove, ada, f"Look: {link_to(secret)}")
    page = page_of(as_ada, cove)
    card = page.partition('class="reference"')[2].partition("</blockquote>")[0]
    for part in ("Ada Lovelace", "in #Vault", "Gold below", f'href="/messages/{secret.pk}/"'):
        assert part in card


def test_somebody_who_may_not_read_it_gets_the_bytes_of_a_message_that_does_not_exist(
    as_ben: Client, ada: User, cove: Conversation, secret: Message
) -> None:
    post(cove, ada, f"Look: {link_to(secret)}")
    page = page_of(as_ben, cove)
    assert f'data-messages="{HOST}/{secret.pk}" data-filled></div>' in page
    assert not any(word in page for word in ("Gold", "Vault", 'class="reference"'))
    assert cards(as_ben, secret.pk) == cards(as_ben, 987_654_321) == cards(as_ben, 2**63) == ""


def test_two_members_get_the_same_bytes_of_the_list(
    as_ada: Client, as_ben: Client, ada: User, cove: Conversation, secret: Message
) -> None:
    root = post(cove, ada, link_to(secret))
    post(cove, ada, f"Here too: {link_to(secret)}", parent=root)
    for address in (reverse("message_list", args=[cove.pk]), reverse("thread_list", args=[root.pk])):
        hers, his = (client.get(address, headers=FRAGMENT).content for client in (as_ada, as_ben))
        assert hers == his
        assert f'data-messages="{HOST}/{secret.pk}"></div>'.encode() in hers


def test_a_former_member_sees_it_no_more(as_ben: Client, ben: User, cove: Conversation, ada: User) -> None:
    message = post(cove, ada, "Land ho")
    assert shows(as_ben, message)
    leave(cove, ben)
    assert not shows(as_ben, message)
    add(cove, ben)
    assert shows(as_ben, message)


def test_a_removed_message_and_one_of_a_blocked_person_are_only_links(
    as_ben: Client, ben: User, ada: User, message: Message
) -> None:
    assert shows(as_ben, message)
    block = Block.objects.create(user=ben, blocked=ada)
    assert not shows(as_ben, message)
    block.delete()
    message.remove(by=ada)
    assert not shows(as_ben, message)


def test_an_archived_room_is_read_and_a_removed_one_is_not(
    as_ben: Client, ada: User, message: Message, room: Conversation
) -> None:
    archive(room, by=ada)
    assert shows(as_ben, message)
    remove_room(room, by=ada)
    assert not shows(as_ben, message)


def test_who_could_join_a_public_room_sees_its_first_messages_alone(
    as_ben: Client, ada: User, ben: User
) -> None:
    public = RoomFactory.create(name="Quay", by=ada)
    root = post(public, ada, "Open to all")
    reply = post(public, ada, "For members", parent=root)
    assert shows(as_ben, root)
    assert not shows(as_ben, reply)
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    assert not shows(as_ben, root)


def test_an_edit_shows_at_the_next_load(
    as_ben: Client, ada: User, cove: Conversation, message: Message
) -> None:
    post(cove, ada, link_to(message))
    assert "Land ho" in page_of(as_ben, cove)
    message.edit("No land", by=ada)
    assert "No land" in page_of(as_ben, cove)


@pytest.mark.parametrize(
    "text",
    [
        "http://elsewhere.example/messages/{pk}/",
        "> http://testserver/messages/{pk}/",
        "||http://testserver/messages/{pk}/||",
        "`http://testserver/messages/{pk}/`",
        "http://testserver/messages/{pk}/edit/",
        "http://testserver/conversations/{pk}/",
    ],
)
def test_what_is_no_reference_has_no_card(
    as_ada: Client, ada: User, cove: Conversation, message: Message, text: str
) -> None:
    post(cove, ada, text.format(pk=message.pk))
    assert 'class="reference"' not in page_of(as_ada, cove)


def test_only_the_first_three_have_cards_and_each_once(
    as_ada: Client, ada: User, cove: Conversation, room: Conversation
) -> None:
    links = [link_to(post(room, ada, f"Wave {number}")) for number in range(5)]
    post(cove, ada, " ".join([links[0], *links]))
    assert page_of(as_ada, cove).count('class="reference"') == 3


def test_a_card_hides_what_a_spoiler_hides_and_escapes_the_rest(
    as_ada: Client, ada: User, cove: Conversation, room: Conversation
) -> None:
    words = post(room, ada, "The end: ||all drown|| <b>bold</b>")
    post(cove, ada, link_to(words))
    page = page_of(as_ada, cove)
    assert "drown" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_cards_are_where_messages_are_shown_to_one_person(
    as_ben: Client, ada: User, cove: Conversation, message: Message
) -> None:
    root = post(cove, ada, link_to(message))
    fresh = reverse("conversation_fresh", args=[cove.pk])
    for address in (reverse("inbox"), reverse("thread", args=[root.pk]), fresh):
        assert 'class="reference"' in as_ben.get(address).content.decode()


@pytest.mark.parametrize("number", [10, 20, 40])
def test_references_take_one_query_whatever_their_number(
    ada: User, cove: Conversation, room: Conversation, number: int, cost: Callable[..., int]
) -> None:
    address = reverse("conversation", args=[cove.pk])
    for count in range(number):
        post(cove, ada, f"Wave {count}")
    without = cost(address)
    for count in range(number):
        post(cove, ada, link_to(post(room, ada, f"Gull {count}")))
    assert cost(address) == without + 1
    listed = reverse("message_list", args=[cove.pk])
    assert cost(listed, headers=FRAGMENT) <= 6
    ids = "+".join(map(str, Message.rows.values_list("pk", flat=True)[:100]))
    assert cost(f"{reverse('message_references')}?of={ids}", headers=FRAGMENT) <= 3
