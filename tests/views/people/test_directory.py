"""The directory of people, a person's page, and starting a conversation."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.views.people.directory import PEOPLE_SHOWN
from tests.factories import RoomFactory, UserFactory
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
DIRECTORY = "/people/"
NEW = "/conversations/new/"


def names(page: Page) -> list[str]:
    return [element.text for element in page.elements if element.tag == "b" and is_in_person_line(element)]


def is_in_person_line(element: object) -> bool:
    return any("person" in around.classes for around in element.inside)  # type: ignore[attr-defined]


def offered(page: Page) -> list[str]:
    return [element.text for element in page.all("choice-name")]


def checked(page: Page) -> list[str]:
    return [element.attributes["value"] for element in page.elements if "checked" in element.attributes]


def test_the_directory_lists_and_finds_active_people(
    as_ada: Client, ada: User, ben: User, stranger: User
) -> None:
    UserFactory.create(username="gone", is_active=False)
    assert names(Page(as_ada.get(DIRECTORY))) == ["Ada Lovelace", "Ben Okri", "Stranger"]
    assert names(Page(as_ada.get(f"{DIRECTORY}?q=OKR"))) == ["Ben Okri"]
    nobody = Page(as_ada.get(f"{DIRECTORY}?q=xyz"))
    assert names(nobody) == []
    assert "No matching people" in nobody.html
    assert nobody.searched == "xyz"


def test_a_long_directory_comes_by_the_page_and_keeps_what_was_looked_for(as_ada: Client) -> None:
    for number in range(PEOPLE_SHOWN + 3):
        UserFactory.create(username=f"crew{number:03}")
    first, second = (Page(as_ada.get(f"{DIRECTORY}?q=crew&page={number}")) for number in (1, 2))
    assert len(names(first)) == PEOPLE_SHOWN
    assert names(second) == [f"Crew{number:03}" for number in range(PEOPLE_SHOWN, PEOPLE_SHOWN + 3)]
    assert "?q=crew&page=2" in first.links


def test_a_message_leads_to_its_authors_page_which_says_who_they_are(
    as_ada: Client, ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "Land ho")
    RoomFactory.create(name="Only Ben's", by=ben)
    place = reverse("person", args=[ben.pk])
    assert place in Page(as_ada.get(reverse("message_list", args=[room.pk]))).links
    page = Page(as_ada.get(place))
    assert "@ben" in page.html
    assert names(page) == ["Harbour"]
    answer = as_ada.post(NEW, {"people": page.field_value("people")})
    direct = Conversation.objects.direct(ada, ben)
    assert answer["Location"] == reverse("conversation", args=[direct.pk])


def test_deactivated_people_are_marked_and_deleted_ones_not_shown(
    as_ada: Client, ben: User, stranger: User
) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    page = Page(as_ada.get(reverse("person", args=[ben.pk])))
    assert "deactivated" in page.html
    assert "Message</button>" not in page.html
    place = reverse("person", args=[stranger.pk])
    stranger.delete()
    assert as_ada.get(place).status_code == 404
    assert as_ada.get(f"/people/{2**63}/").status_code == 404


def test_several_people_make_a_group_once_and_oneself_makes_notes(
    as_ada: Client, ada: User, ben: User, stranger: User
) -> None:
    places = {as_ada.post(NEW, {"people": [ben.pk, stranger.pk]})["Location"] for _ in range(2)}
    places |= {as_ada.post(NEW, {"people": [stranger.pk, ada.pk, ben.pk, ben.pk]})["Location"]}
    group = Conversation.objects.get(kind="group")
    assert places == {reverse("conversation", args=[group.pk])}
    notes = as_ada.post(NEW, {"people": [ada.pk]})["Location"]
    assert Page(as_ada.get(notes)).all("bar-title")[0].text.strip() == "Notes to yourself"


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_people_are_searched_and_those_chosen_stay_chosen(
    as_ada: Client, ben: User, stranger: User, headers: dict[str, str]
) -> None:
    UserFactory.create(username="gone", is_active=False)
    answer = as_ada.post(NEW, {"search": "1", "q": "lovel", "people": [str(ben.pk)]}, headers=headers)
    page = Page(answer)
    assert answer.status_code == 200
    assert page.is_whole is not bool(headers)
    assert offered(page) == ["Ben Okri", "Ada Lovelace"]
    assert checked(page) == [str(ben.pk)]
    assert not Conversation.objects.exists()
    none = Page(as_ada.post(NEW, {"search": "1", "q": "gone", "people": [str(ben.pk)]}, headers=headers))
    assert offered(none) == ["Ben Okri"]
    assert "No other people match" in none.html


def test_many_people_are_not_all_offered_at_once(as_ada: Client) -> None:
    for _ in range(30):
        UserFactory.create()
    page = Page(as_ada.get(NEW))
    assert len(offered(page)) == 20
    assert "There are more people" in page.html


@pytest.mark.parametrize("chosen", [[], ["999"], ["x"], [str(2**63)], ["1" * 5_000], ["²"], ["-1"], ["\x00"]])
def test_without_a_choice_an_error_is_shown(as_ada: Client, chosen: list[str]) -> None:
    answer = as_ada.post(NEW, {"people": chosen, "q": "ada"})
    assert answer.status_code == 422
    assert Page(answer).all("errors")
    assert not Conversation.objects.exists()


def test_no_conversation_can_be_started_with_inactive_people(as_ada: Client, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert as_ada.post(NEW, {"people": [ben.pk]}).status_code == 422
    assert not Conversation.objects.exists()
