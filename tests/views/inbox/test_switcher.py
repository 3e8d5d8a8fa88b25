"""The page of the quick switcher, and the list for its dialog."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Installation, User
from messaging.models.messages.saving import post
from tests.contract.counting import statements
from tests.factories import RoomFactory, UserFactory
from tests.views.growing import add_members, write_roots
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
ADDRESS = reverse("switcher")


def found(client: Client, words: str = "", **query: str | int) -> dict[str, str]:
    """The addresses of the page's list by their names."""
    page = Page(client.get(ADDRESS, {"q": words, **query}))
    assert page.is_whole
    return {_name(page, link): link.attributes["href"] for link in page.all("going")}


def _name(page: Page, link: object) -> str:
    [name] = [one.text for one in page.all("going-name") if link in one.inside]
    return name


def test_each_kind_of_place_leads_to_its_page(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "Land ho")
    post(room, ben, "Where?", parent=root)
    open_room = RoomFactory.create(name="Quay", by=ada)
    assert found(as_ben, "harbour")["Harbour"] == reverse("conversation", args=[room.pk])
    assert found(as_ben, "quay")["Quay"] == reverse("conversation", args=[open_room.pk])
    assert found(as_ben, "ada")["Ada Lovelace"] == reverse("person", args=[ada.pk])
    assert found(as_ben, "land")["Land ho"] == reverse("thread", args=[root.pk])
    assert found(as_ben, "sessions")["Sessions"] == reverse("session_list")
    direct = Conversation.objects.direct(ada, ben)
    assert found(as_ben, "ada")["Ada Lovelace"] == reverse("conversation", args=[direct.pk])


def test_commands_are_those_of_the_open_conversation(
    as_ben: Client, as_stranger: Client, room: Conversation, direct: Conversation, ada: User, ben: User
) -> None:
    group = Conversation.objects.between(ben, [ada, UserFactory.create()])
    members = "Members of this room"
    assert found(as_ben, members, **{"from": room.pk})[members] == reverse(
        "conversation_members", args=[room.pk]
    )
    assert "Leave this group…" in found(as_ben, "leave", **{"from": group.pk})
    for client, place in ((as_ben, direct.pk), (as_ben, ""), (as_ben, "x"), (as_stranger, room.pk)):
        assert found(client, "leave", **{"from": place}) == {}


def test_pages_of_administrators_are_offered_to_them_only(
    as_ben: Client, ben: User, browser: Callable[[User], Client]
) -> None:
    assert found(as_ben, "site settings") == {}
    assert found(as_ben, "new room") != {}
    User.objects.filter(pk=ben.pk).update(role=User.Role.ADMINISTRATOR)
    assert found(as_ben, "site settings") != {}
    guest = browser(UserFactory.create(role=User.Role.GUEST))
    assert found(guest, "new room") == {}


def test_every_page_and_command_opens(as_ben: Client, ben: User, room: Conversation) -> None:
    User.objects.filter(pk=ben.pk).update(role=User.Role.OWNER)
    Conversation.objects.filter(pk=room.pk).update(name="zz")
    places = found(as_ben, "", **{"from": room.pk})
    assert len(places) >= 20
    assert {as_ben.get(place).status_code for place in places.values()} == {200}


def test_the_dialog_gets_options_of_which_the_first_is_chosen(as_ben: Client, room: Conversation) -> None:
    RoomFactory.create(name="Harbour lights")
    answer = as_ben.get(ADDRESS, {"q": "harbour"}, headers=FRAGMENT)
    options = Page(answer).all("going")
    assert [one.attributes["role"] for one in options] == ["option", "option"]
    assert [one.attributes["aria-selected"] for one in options] == ["true", "false"]
    assert 'data-announced="2 results"' in answer.content.decode()
    assert "HX-Request-Type" in answer["Vary"]


@pytest.mark.parametrize(
    "words", ["", "harbour", "a", "zz", '<b>"&', "\\", "%", "é", "x" * 500, "@", "#", "\0"]
)
def test_any_words_are_answered(as_ben: Client, room: Conversation, words: str) -> None:
    for headers in ({}, FRAGMENT):
        answer = as_ben.get(ADDRESS, {"q": words}, headers=headers)
        assert answer.status_code == 200
        assert "<b>" not in answer.content.decode().replace("<b dir", "")


def test_names_are_escaped(as_ben: Client, ben: User) -> None:
    RoomFactory.create(name='<img src=x onerror="alert(1)">', by=ben)
    for headers in ({}, FRAGMENT):
        assert "<img src=x" not in as_ben.get(ADDRESS, {"q": "<img"}, headers=headers).content.decode()


@pytest.mark.parametrize("words", ["", "e"])
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "list"])
def test_the_queries_do_not_grow_with_the_rows(
    ada: User, ben: User, browser: Callable[[User], Client], words: str, headers: dict[str, str]
) -> None:
    Installation.objects.current()  # made by the first page that an installation ever shows
    costs = []
    for number in (10, 20):
        for _ in range(number):
            room = RoomFactory.create(by=ada, members=[ben])
            [root] = write_roots(room, ada, 1)
            post(room, ben, "Hello", parent=root)
            post(room, ada, "Hello", parent=root)
            Conversation.objects.direct(UserFactory.create(), ben)
            Conversation.objects.between(ben, UserFactory.create_batch(2))
            RoomFactory.create(by=ada)
        add_members(room, number)
        client = browser(ben)
        with statements() as sql:
            assert client.get(ADDRESS, {"q": words}, headers=headers).status_code == 200
        costs.append(len(sql))
    assert costs[0] == costs[1]
    assert costs[0] <= 16
