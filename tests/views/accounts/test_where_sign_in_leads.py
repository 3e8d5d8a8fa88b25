"""A sign-in returns to where the person was; without a page that was asked for, to a conversation."""

import re
from html import unescape

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from tests.factories import RoomFactory, open_sign_up
from tests.views.accounts.test_two_factor import code_of
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
SIGN_IN, SIGN_OUT = reverse("account_login"), reverse("account_logout")
PASSWORD = "three grey seals"
HERE = "http://testserver"


@pytest.fixture
def ada(ada: User) -> User:
    ada.set_password(PASSWORD)
    ada.save()
    return ada


def address(conversation: Conversation) -> str:
    return reverse("conversation", args=[conversation.pk])


def sign_in(client: Client, place: str = SIGN_IN) -> str:
    """Where it leads: from the sign-in page at this address, with all its fields."""
    given = {"login": "ada", "password": PASSWORD}
    form = Page(client.get(place)).html.partition(f'action="{reverse("set_language")}"')[0]
    if found := re.search(r'name="next" value="([^"]*)"', form):
        given["next"] = unescape(found[1])
    return client.post(SIGN_IN, given)["Location"]


def sign_out(client: Client, referrer: str) -> None:
    client.post(SIGN_OUT, headers={"Referer": referrer})


def test_it_leads_to_the_conversation_with_the_newest_message(
    client: Client, ada: User, ben: User, room: Conversation, direct: Conversation
) -> None:
    post(room, ben, "one")
    assert sign_in(client) == address(room)
    client.logout()
    post(direct, ben, "two")
    assert sign_in(client) == address(direct)
    client.logout()
    archived = RoomFactory.create(by=ada)
    post(archived, ada, "three")
    archive(archived, by=ada)
    assert sign_in(client) == address(direct)


def test_somebody_in_no_conversation_is_led_to_the_rooms_and_a_guest_to_the_start_page(
    client: Client, ada: User
) -> None:
    assert sign_in(client) == reverse("room_list")
    client.logout()
    User.objects.filter(pk=ada.pk).update(role=User.Role.GUEST)
    assert sign_in(client) == reverse("conversation_list")


@pytest.mark.parametrize("query", ["", "?around=3", "?before=9&after=1"])
def test_it_leads_to_the_conversation_in_which_one_signed_out(
    client: Client, ada: User, ben: User, room: Conversation, direct: Conversation, query: str
) -> None:
    post(room, ben, "newest")
    sign_in(client)
    sign_out(client, f"{HERE}{address(direct)}{query}")
    assert sign_in(client) == address(direct)


def test_a_conversation_that_one_left_meanwhile_is_not_opened(
    client: Client, ada: User, room: Conversation, direct: Conversation
) -> None:
    sign_in(client)
    sign_out(client, HERE + address(room))
    leave(room, ada)
    assert sign_in(client) == address(direct)
    sign_out(client, HERE + address(RoomFactory.create()))  # she was never in it
    assert sign_in(client) == address(direct)


@pytest.mark.parametrize(
    "referrer",
    [
        "",
        "https://evil.example/conversations/{pk}/",
        "//evil.example/conversations/{pk}/",
        "http://testserver/rooms/",
        "http://testserver/conversations/{pk}/members/",
        "http://testserver/nowhere/",
        "http://testserver",
        "http://testserver/conversations/" + "9" * 30 + "/",
        "http://testserver/conversations/0/",
        "http://[/conversations/{pk}/",
    ],
)
def test_a_sign_out_elsewhere_changes_nothing(
    client: Client, ada: User, ben: User, room: Conversation, direct: Conversation, referrer: str
) -> None:
    post(direct, ben, "newest")
    sign_in(client)
    sign_out(client, HERE + address(room))
    sign_in(client)
    sign_out(client, referrer.format(pk=direct.pk))
    assert sign_in(client) == address(room)


def test_a_page_that_was_asked_for_is_opened_after_the_sign_in(
    client: Client, ada: User, message: Message
) -> None:
    for place in (
        f"{address(message.conversation)}?around=1",
        reverse("thread", args=[message.pk]),
        "/search/?q=a%26b%20%23c&before=7",
        reverse("account"),
    ):
        to_sign_in = client.get(place)["Location"]
        assert sign_in(client, to_sign_in) == place
        client.logout()


def test_the_start_page_leads_to_the_last_conversation(client: Client, ada: User, room: Conversation) -> None:
    for start in ("/", "/?current=3"):
        assert client.get(start)["Location"] == SIGN_IN


def test_a_form_that_needs_a_sign_in_leads_back_to_its_page(
    client: Client, ada: User, room: Conversation
) -> None:
    here, form = f"{address(room)}?around=1", reverse("conversation_read", args=[room.pk])
    answer = client.post(form, headers={"Referer": HERE + here})
    assert sign_in(client, answer["Location"]) == here
    client.logout()
    for referrer in ("", "https://evil.example/", "//evil.example/a", f"{HERE}/", "javascript:alert(1)"):
        assert client.post(form, headers={"Referer": referrer})["Location"] == SIGN_IN
    assert client.post(form, headers={**FRAGMENT, "Referer": HERE + here}).status_code == 401


def test_a_text_that_could_not_be_sent_leads_back_to_its_page(
    client: Client, ada: User, room: Conversation
) -> None:
    send = reverse("message_send", args=[room.pk])
    answer = client.post(send, {"content": "Land ho"}, headers={"Referer": HERE + address(room)})
    assert answer.status_code == 401
    assert "Land ho" in answer.content.decode()
    button = Page(answer).all("button")[0].attributes["href"]
    assert sign_in(client, button) == address(room)


def test_the_second_factor_loses_nothing(client: Client, ada: User, message: Message) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    place = reverse("thread", args=[message.pk])
    asked = sign_in(client, client.get(place)["Location"])
    assert asked.startswith(reverse("mfa_authenticate"))
    assert client.post(asked, {"code": code_of(secret)})["Location"] == place


def test_a_new_account_returns_to_the_page_too(client: Client, db: None) -> None:
    open_sign_up()
    place = "/rooms/?q=boats"
    signing_in = Page(client.get(client.get(place)["Location"]))
    signing_up = next(link for link in signing_in.links if link.startswith(reverse("account_signup")))
    given = {"username": "zoe", "password1": PASSWORD, "password2": PASSWORD}
    given["next"] = Page(client.get(signing_up)).field_value("next")
    assert client.post(reverse("account_signup"), given)["Location"] == place
