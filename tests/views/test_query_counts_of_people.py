"""Pages of people, rooms and members take as many queries for many as for few."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Installation, User
from tests.contract.counting import statements
from tests.factories import RoomFactory, UserFactory
from tests.views.growing import add_members, write_roots
from tests.views.test_query_counts import PAGE

pytestmark = pytest.mark.django_db


def test_the_directory_takes_no_more_for_more_rooms(ada: User, ben: User, cost: Callable[..., int]) -> None:
    costs = []
    for _ in range(2):
        for _ in range(10):
            RoomFactory.create(by=ada, members=UserFactory.create_batch(3))
        costs.append(cost(reverse("room_list")))
    assert costs[0] == costs[1]


PAGES_OF_PEOPLE = ["person_list", "person", "conversation_new", "conversation_members", "account"]


@pytest.mark.parametrize("name", PAGES_OF_PEOPLE)
def test_pages_of_people_take_no_more_for_more_people_and_rooms(
    room: Conversation, ada: User, ben: User, cost: Callable[..., int], name: str
) -> None:
    about = {"person": [ada.pk], "conversation_members": [room.pk]}
    costs = []
    for _ in range(2):
        add_members(room, 8)
        UserFactory.create_batch(8)
        RoomFactory.create(by=ada, members=[ben])
        costs.append(cost(reverse(name, args=about.get(name))))
    assert costs[0] == costs[1]
    assert costs[0] <= PAGE


@pytest.mark.parametrize("number", [1, 12])
def test_adding_people_to_a_room_takes_few_queries_for_any_number(
    room: Conversation, ada: User, browser: Callable[[User], Client], number: int
) -> None:
    people = UserFactory.create_batch(number)
    client = browser(ada)
    place = reverse("conversation_members", args=[room.pk])
    with statements() as found:
        assert client.post(place, {"people": [person.pk for person in people]}).status_code == 302
    assert len(found) <= 16


@pytest.mark.parametrize("act", ["archive", "remove"])
def test_archiving_or_removing_a_room_takes_the_same_queries_for_any_number_of_members(
    ada: User, browser: Callable[[User], Client], act: str
) -> None:
    Installation.objects.current()  # made by the first page that an installation ever shows
    costs = []
    for number in (10, 20):
        room = RoomFactory.create(by=ada, members=UserFactory.create_batch(number))
        write_roots(room, ada, 3)
        client = browser(ada)
        with statements() as found:
            assert client.post(reverse(f"room_{act}", args=[room.pk])).status_code == 302
        costs.append(len(found))
    assert costs[0] == costs[1]
