"""The members of a conversation, and adding people."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User
from messaging.models.rooms.members import add as add_member
from messaging.views.rooms.members import MEMBERS_SHOWN
from tests.factories import RoomFactory, UserFactory
from tests.views.growing import add_members
from tests.views.page import Page
from tests.views.people.test_directory import checked, names, offered

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def place(conversation: Conversation) -> str:
    return reverse("conversation_members", args=[conversation.pk])


def add(client: Client, conversation: Conversation, *people: User) -> int:
    return client.post(place(conversation), {"people": [person.pk for person in people]}).status_code


def test_the_members_are_listed_by_name_and_the_header_leads_there(
    as_ben: Client, room: Conversation, direct: Conversation
) -> None:
    assert place(room) in Page(as_ben.get(reverse("conversation", args=[room.pk]))).links
    page = Page(as_ben.get(place(room)))
    assert names(page) == ["Ada Lovelace", "Ben Okri"]
    assert "<bdi>@ada</bdi> · Admin" in page.html
    assert names(Page(as_ben.get(place(direct)))) == ["Ada Lovelace", "Ben Okri"]
    assert not Page(as_ben.get(place(direct))).all("choice")


def test_a_long_list_comes_by_the_page(as_ada: Client, room: Conversation) -> None:
    add_members(room, MEMBERS_SHOWN)
    pages = [names(Page(as_ada.get(f"{place(room)}?page={number}"))) for number in (1, 2)]
    assert [len(page) for page in pages] == [MEMBERS_SHOWN, 2]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("jerome", ["Jérôme Laval"]),
        ("JÉRÔME", ["Jérôme Laval"]),
        ("lodz", ["Łódź Nowak"]),
        ("strasse", ["Kai Straße"]),
        (" ada  love ", ["Ada Lovelace"]),
        ("ben", ["Ben Okri"]),
        ("nobody", []),
        ("%", []),
    ],
)
def test_members_are_searched_by_name_and_username_whatever_the_accents(
    as_ada: Client, room: Conversation, words: str, found: list[str]
) -> None:
    for name in ("Jérôme Laval", "Łódź Nowak", "Kai Straße"):
        add_member(room, UserFactory.create(display_name=name))
    UserFactory.create(display_name="Jerome Elsewhere")
    page = Page(as_ada.get(place(room), {"q": words}))
    assert names(page) == found
    assert ("No matching members" in page.html) == (not found)
    assert "5 people" in page.html


def test_a_search_finds_members_of_any_page_and_loads_one_page(as_ada: Client, room: Conversation) -> None:
    add_members(room, 3 * MEMBERS_SHOWN)
    last = UserFactory.create(display_name="Zoë Zander")
    add_member(room, last)
    assert names(Page(as_ada.get(place(room), {"q": "zoe"}))) == ["Zoë Zander"]
    page = Page(as_ada.get(place(room), {"q": "e"}))
    assert len(names(page)) == MEMBERS_SHOWN
    assert "?q=e&amp;page=2" in page.html


def test_the_searches_for_members_and_for_people_to_add_do_not_mix(
    as_ada: Client, room: Conversation
) -> None:
    newcomer = UserFactory.create(display_name="Noor Haddad")
    page = Page(as_ada.get(place(room), {"q": "ben"}))
    assert (names(page), offered(page)) == (["Ben Okri"], [newcomer.name])
    page = Page(as_ada.post(place(room), {"q": "noor", "search": "1"}))
    assert (names(page), offered(page)) == (["Ada Lovelace", "Ben Okri"], [newcomer.name])
    page = Page(as_ada.post(place(room), {"q": "ben", "search": "1"}))
    assert (names(page), offered(page)) == (["Ada Lovelace", "Ben Okri"], [])


def test_only_an_administrator_adds_people_to_a_private_room(
    as_ada: Client, as_ben: Client, as_stranger: Client, room: Conversation, stranger: User
) -> None:
    newcomer = UserFactory.create()
    assert not Page(as_ben.get(place(room))).all("choice")
    assert add(as_ben, room, newcomer) == add(as_stranger, room, stranger) == 404
    assert room.memberships.count() == 2
    assert sorted(offered(Page(as_ada.get(place(room))))) == sorted([newcomer.name, "Stranger"])
    assert add(as_ada, room, newcomer, stranger) == 302
    assert room.memberships.count() == 4
    assert as_stranger.get(reverse("conversation", args=[room.pk])).status_code == 200


def test_the_page_says_why_somebody_cannot_add_people(
    as_ben: Client, ada: User, ben: User, room: Conversation, direct: Conversation
) -> None:
    square = RoomFactory.create(by=ada, members=[ben])
    assert "Only administrators of this private room" in Page(as_ben.get(place(room))).html
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    for conversation in (room, square):
        page = Page(as_ben.get(place(conversation))).html
        assert "Guests cannot add people" in page
        assert "Only administrators" not in page
    assert "cannot add people" not in Page(as_ben.get(place(direct))).html


def test_an_address_chooses_who_is_to_be_added(
    as_ada: Client, ben: User, stranger: User, room: Conversation
) -> None:
    """Only people who may be added: nobody twice, and no number that is none."""
    for number in range(30):
        UserFactory.create(display_name=f"A{number}")
    page = Page(
        as_ada.get(place(room), {"people": [str(stranger.pk), str(ben.pk), "9" * 20, "x"], "q": "ben"})
    )
    assert checked(page) == [str(stranger.pk)]
    assert names(page) == ["Ben Okri"]


def test_every_member_adds_people_to_a_public_room_or_a_group(
    as_ben: Client, ada: User, ben: User, stranger: User
) -> None:
    square = RoomFactory.create(by=ada, members=[ben])
    group = Conversation.objects.create_group(ada, [ben])
    assert add(as_ben, square, stranger) == add(as_ben, group, stranger) == 302
    assert set(stranger.conversations.all()) == {square, group}


def test_nobody_is_added_to_a_direct_conversation(
    as_ada: Client, direct: Conversation, stranger: User
) -> None:
    assert add(as_ada, direct, stranger) == 404
    assert direct.memberships.count() == 2


def test_chosen_people_stay_chosen_during_a_search(
    as_ada: Client, room: Conversation, stranger: User
) -> None:
    UserFactory.create(username="zed")
    page = Page(as_ada.post(place(room), {"search": "1", "q": "zed", "people": [stranger.pk]}))
    assert offered(page) == ["Stranger", "Zed"]
    assert checked(page) == [str(stranger.pk)]
    assert room.memberships.count() == 2


def test_members_cannot_be_added_again(as_ada: Client, room: Conversation, ben: User) -> None:
    assert add(as_ada, room, ben) == 422
    assert add(as_ada, room) == 422


def test_removing_a_member_again_says_that_they_are_no_longer_there(
    as_ada: Client, as_ben: Client, room: Conversation, ben: User
) -> None:
    url = reverse("room_member", args=[room.pk, ben.pk])
    told = [as_ada.post(url, {"remove": ""}, follow=True).content.decode() for _ in range(2)]
    assert "was removed from the room" in told[0]
    assert "no longer in the room" in told[1]
    assert not room.memberships.filter(user=ben).exists()
    assert as_ben.post(url, {"remove": ""}).status_code == 404
