"""The card of a person, which a name at a message opens."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User
from messaging.models.inbox.blocking import block
from messaging.models.messages.saving import post
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db


def card(client: Client, person: User) -> Page:
    return Page(client.get(reverse("person_card", args=[person.pk]), headers=FRAGMENT))


def test_it_says_who_somebody_is_and_what_can_be_done(as_ada: Client, ben: User) -> None:
    ben.role, ben.status, ben.time_zone = User.Role.GUEST, "At sea", "Asia/Tokyo"
    ben.save()
    shown = card(as_ada, ben)
    text = " ".join("".join(shown.elements[0].pieces).split())
    for part in (ben.name, f"@{ben.username} · Guest", "At sea", f"Local time {ben.local_time}"):
        assert part in text
    assert shown.field_value("people") == str(ben.pk)
    assert shown.links == [reverse("person", args=[ben.pk])]


def test_it_says_of_somebody_deactivated_only_that(as_ada: Client, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False, status="At sea", time_zone="Asia/Tokyo")
    shown = card(as_ada, ben)
    assert "deactivated" in shown.html
    assert "At sea" not in shown.html
    assert "Local time" not in shown.html
    with pytest.raises(LookupError):
        shown.field_value("people")


def test_it_says_that_one_blocked_them(as_ada: Client, as_ben: Client, ada: User, ben: User) -> None:
    block(ada, ben)
    assert "You blocked this person" in card(as_ada, ben).html
    assert "blocked" not in card(as_ben, ada).html


def test_ones_own_leads_to_ones_status(as_ada: Client, ada: User) -> None:
    assert reverse("account_status") in card(as_ada, ada).links


def test_without_script_its_address_leads_to_the_page(as_ada: Client, ben: User) -> None:
    answer = as_ada.get(reverse("person_card", args=[ben.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("person", args=[ben.pk]))


def test_a_message_names_its_author_without_the_username(
    as_ada: Client, room: Conversation, ben: User
) -> None:
    User.objects.filter(pk=ben.pk).update(display_name="Ben Okri")
    post(room, ben, "Land ho")
    page = Page(as_ada.get(reverse("message_list", args=[room.pk]), headers=FRAGMENT))
    assert [byline.text.split()[:2] for byline in page.all("byline")] == [["Ben", "Okri"]]
    assert f"@{ben.username}" not in page.html
