"""The address that leads to the next place with something unread."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Membership, Message, User
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from messaging.views.responses import message_url
from tests.contract.counting import statements
from tests.factories import RoomFactory
from tests.views.growing import write_roots

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def rooms(ada: User, ben: User) -> list[Conversation]:
    """Rooms in the order of the sidebar."""
    return [RoomFactory.create(name=name, by=ada, members=[ben]) for name in ("Anchor", "Buoy", "Cable")]


def next_place(client: Client, **query: str | int) -> str:
    answer = client.get(reverse("next_unread"), query)
    assert answer.status_code == 302
    return str(answer["Location"])


def place_of(message: Message) -> dict[str, str | int]:
    """The query of somebody who is where this message is."""
    return {"from": message.conversation_id, "thread": message.thread_root_id or ""}


def test_the_places_come_in_the_order_of_the_inbox(
    as_ben: Client, rooms: list[Conversation], direct: Conversation, ada: User, ben: User
) -> None:
    first, second = post(rooms[0], ben, "Who comes?"), post(rooms[0], ben, "And when?")
    replies = [post(rooms[0], ada, "At nine", parent=second), post(rooms[0], ada, "I do", parent=first)]
    timeline, *_ = write_roots(rooms[0], ada, 3)
    last = post(rooms[2], ada, "Cast off")
    between = post(direct, ada, "Are you there?")
    places = [between, replies[1], replies[0], timeline, last]
    assert next_place(as_ben) == message_url(between)
    for here, following in zip(places, [*places[1:], between], strict=True):
        assert next_place(as_ben, **place_of(here)) == message_url(following)
    assert next_place(as_ben, **{"from": rooms[1].pk}) == message_url(between)  # nothing is unread there
    for here, following in [(last, replies[1]), (replies[1], replies[0]), (replies[0], replies[1])]:
        assert next_place(as_ben, only="threads", **place_of(here)) == message_url(following)


def test_the_place_where_the_person_is_comes_last(
    as_ben: Client, rooms: list[Conversation], ada: User, ben: User
) -> None:
    unread = post(rooms[1], ada, "Here")
    assert next_place(as_ben, **place_of(unread)) == message_url(unread)
    assert next_place(as_ben, only="threads", **place_of(unread)) == reverse("inbox")
    Message.unread_messages.mark_as_read_for_user(ben)
    assert next_place(as_ben, **place_of(unread)) == reverse("inbox")


@pytest.mark.parametrize(
    ("level", "found"),
    [(NotificationLevel.ALL, 0), (NotificationLevel.PERSONAL, 1), (NotificationLevel.MUTED, 1)],
)
def test_what_the_inbox_does_not_list_is_passed_over(
    as_ben: Client, rooms: list[Conversation], ada: User, ben: User, level: str, found: int
) -> None:
    places = [post(rooms[0], ada, "To all"), post(rooms[0], ada, "@ben to you"), post(rooms[1], ada, "There")]
    Membership.objects.filter(conversation=rooms[0], user=ben).update(notification_level=level)
    assert next_place(as_ben) == message_url(places[found])


def test_it_leads_nowhere_that_the_person_has_left(
    as_ben: Client, rooms: list[Conversation], ada: User, ben: User
) -> None:
    post(rooms[0], ada, "To all")
    Membership.objects.filter(conversation=rooms[0], user=ben).delete()
    assert next_place(as_ben) == reverse("inbox")


@pytest.mark.parametrize("query", ["from=x&thread=-1", "from=999999999999999999999", "thread=5", "only=x"])
def test_queries_of_strangers_are_ignored(
    as_ben: Client, rooms: list[Conversation], ada: User, query: str
) -> None:
    unread = post(rooms[0], ada, "To all")
    assert as_ben.get(f"{reverse('next_unread')}?{query}")["Location"] == message_url(unread)


def test_it_takes_no_more_queries_for_more(as_ben: Client, ada: User, ben: User) -> None:
    costs = []
    for _ in range(2):
        for _ in range(8):
            write_roots(RoomFactory.create(by=ada, members=[ben]), ada, 3)
        with statements() as found:
            next_place(as_ben)
        costs.append(len(found))
    assert costs[0] == costs[1] <= 6
