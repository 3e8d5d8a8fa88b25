"""There is one language so far: the browser's language changes no byte, and caches do not depend on it."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.cached import rendered_templates
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db

# New in every response: CSRF tokens, and the ids of new messages.
FRESH = re.compile(rb'(?:csrfmiddlewaretoken|client_id)" value="[^"]*"|"X-CSRFToken": "[^"]*"')
SIGNED_IN = [
    *["conversation_list", "inbox", "room_list", "room_new"],
    *["person_list", "conversation_new", "account", "account_status", "account_notifications"],
    *["session_list", "block_list", "account_delete", "mfa_index", "account_email", "site_settings"],
    *["invitation_list", "audit_log", "removed_rooms", "all_read"],
]
SIGNED_OUT = ["account_login", "account_reset_password"]
LANGUAGES = ["de", "ar", "ja", "de-AT,de;q=0.9,en;q=0.1", "en-GB", "*", "xx-no-such-language"]


def body(client: Client, place: str, language: str | None, **headers: str) -> bytes:
    asked = {**headers, **({"Accept-Language": language} if language else {})}
    answer = client.get(place, headers=asked)
    assert answer["Content-Language"] == "en"
    return FRESH.sub(b"", answer.content)


def places(room: Conversation, message: Message, ada: User) -> list[str]:
    of = {"conversation": room.pk, "message_list": room.pk, "conversation_settings": room.pk}
    of |= {"conversation_members": room.pk, "conversation_leave": room.pk, "person": ada.pk}
    of |= dict.fromkeys(("thread", "thread_list", "message_reply", "message_edit"), message.pk)
    of |= dict.fromkeys(("message_history", "message_menu", "message_remove"), message.pk)
    return [*map(reverse, SIGNED_IN), *(reverse(name, args=[pk]) for name, pk in of.items())]


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_pages_are_the_same_bytes_whatever_language_is_asked_for(
    headers: dict[str, str], as_ada: Client, ada: User, ben: User, room: Conversation
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    message = post(room, ada, "Land ho")
    message.edit("Land ahead")
    post(room, ben, "Where? @ada", parent=message)
    for place in places(room, message, ada):
        first = body(as_ada, place, None, **headers)
        for language in LANGUAGES:
            assert body(as_ada, place, language, **headers) == first, (place, language)


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_pages_before_signing_in_are_the_same_too(name: str, client: Client, ada: User) -> None:
    first = body(client, reverse(name), None)
    for language in LANGUAGES:
        assert body(client, reverse(name), language) == first


@pytest.mark.parametrize("place", ["/no-such-page/", "/account/"])
def test_errors_are_the_same_too(place: str, client: Client, ada: User) -> None:
    assert body(client, place, "de") == body(client, place, None)


def test_a_cached_list_is_rendered_once_for_all_languages(as_ada: Client, room: Conversation) -> None:
    with rendered_templates("messaging/messages/_list.html") as rendered:
        for language in LANGUAGES:
            body(as_ada, reverse("message_list", args=[room.pk]), language)
    assert len(rendered) == 1


def test_the_language_is_reset_after_a_request(as_ada: Client) -> None:
    body(as_ada, reverse("room_list"), "de")
    assert translation.get_language() == "en"


def test_a_value_that_the_stylesheet_selects_is_not_translated(
    as_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.templatetags.i18n.render_value_in_context", lambda value, context: "Liste")
    page = as_ada.get(reverse("conversation_list")).content.decode()
    assert "Liste" in page
    assert 'data-view="list"' in page


def test_error_pages_render_without_a_request() -> None:
    for name in ("500.html", "503.html", "507.html", "429.html"):
        assert '<html lang="en">' in render_to_string(name)
