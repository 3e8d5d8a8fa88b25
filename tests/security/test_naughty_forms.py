"""The naughty strings (tests/text/naughty.py) in all other forms and in query strings."""

import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from tests.factories import open_sign_up
from tests.security.sending_strings import NAUGHTY, encoded, post, submit
from tests.views.page import FRAGMENT, Page, Shape

pytestmark = pytest.mark.django_db


def short() -> Iterator[str]:
    """Every tenth short string, and one very long string, for all that only the length limit refuses."""
    yield from (text for text in NAUGHTY[::10] if len(text) < 2_000)
    yield "x" * 10_000


@pytest.mark.backends
def test_strings_in_the_query_never_fail(as_ada: Client, message: Message) -> None:
    for text in short():
        for name, pk in (("message_list", message.conversation_id), ("thread_list", message.pk)):
            query = encoded(before=text, after=text, around=text, at=text, page=text)
            answer = as_ada.get(f"{reverse(name, args=[pk])}?{query}", headers=FRAGMENT)
            assert (text, answer.status_code) == (text, 200)
            assert "Land ho" in answer.content.decode()


@pytest.mark.english
@pytest.mark.backends
def test_strings_as_the_forms_own_numbers_are_refused_and_the_text_kept(
    as_ada: Client, message: Message
) -> None:
    reply, edit = (reverse(name, args=[message.pk]) for name in ("message_reply", "message_edit"))
    for text in short():
        if text.strip():
            replied = post(as_ada, reply, headers=FRAGMENT, content="Kept", client_id=text)
            assert (text, replied.status_code, Page(replied).field_value()) == (text, 422, "Kept")
            assert "Send it again" in replied.content.decode()
        if not is_zero(text):  # zero is the right revision
            edited = post(as_ada, edit, headers=FRAGMENT, content="Kept", revision=text)
            assert (text, edited.status_code, Page(edited).field_value()) == (text, 409, "Kept")
    assert list(Message.objects.values_list("content", flat=True)) == ["Land ho"]


def is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False


def test_strings_in_the_sign_in_form_let_nobody_in_and_never_fail(client: Client, ada: User) -> None:
    place = reverse("account_login")
    tries = [("nobody", "wrong"), ("", ""), ("x" * 500, "wrong"), ("\x00", "\x00")]
    answers = [post(client, place, login=login, password=password, next="/x") for login, password in tries]
    plain: Shape = set().union(*(Page(answer).shape() for answer in answers))
    for text in short():
        caches["default"].clear()  # the limit on guessing has a test of its own
        answer = post(client, place, login=text, password=text, next=text, remember=text)
        assert (text, answer.status_code) == (text, 200)
        assert Page(answer).shape() <= plain
        assert isinstance(answer.wsgi_request.user, AnonymousUser)


def test_strings_in_the_forms_of_rooms_and_settings_are_taken_harmlessly_or_refused_with_the_reason(
    as_ada: Client,
) -> None:
    forms = {
        reverse("room_new"): {"name": "plain", "topic": "plain", "is_private": "public"},
        reverse("account"): {"display_name": "plain", "theme": "dark"},
        reverse("account_email"): {"email": "plain@example.org", "password": "plain"},
    }
    for place, fields in forms.items():
        plain: Shape = set()
        for wrong in ({name: "x" * 300} for name in fields):
            plain |= Page(submit(as_ada, place, fields | wrong)).shape()
        for text, name in zip(short(), cycle(fields)):
            caches["default"].clear()  # the limit on guessing has a test of its own
            answer = submit(as_ada, place, fields | {name: text})
            if answer.status_code != 302:
                assert (text, name, answer.status_code) == (text, name, 422)
                page = Page(answer)
                assert page.all("errors")
                assert outside_the_sidebar(page.shape()) <= plain


def outside_the_sidebar(shape: Shape) -> Shape:
    """The shape of a page without the sidebar's rooms and without empty fields.

    The rooms were created meanwhile, and an empty field has no `value` attribute.
    """
    inside = {one for one in shape if one[0] == "input" and "value" not in one[1]}
    rooms = {
        ("a", frozenset({"class", "href"})),
        ("span", frozenset({"class"})),
        ("h2", frozenset({"class"})),
    }
    rooms |= {("span", frozenset({"class", "dir"}))}
    rooms |= {one for one in shape if "data-count-limit" in one[1]}  # the list says whether it is short
    return shape - inside - rooms


def test_searching_people_or_rooms_for_any_string_never_fails(as_ada: Client, ada: User) -> None:
    room = Conversation.objects.create_room("plain", by=ada)
    places = [reverse(name) for name in ("room_list", "person_list", "conversation_new")]
    places.append(reverse("conversation_members", args=[room.pk]))
    plain: Shape = set()
    for place in places:
        for query in ("q=", "q=a", "q=zzz&people=0"):
            plain |= Page(as_ada.get(f"{place}?{query}")).shape()
    for text, place in zip(short(), cycle(places)):
        answer = as_ada.get(f"{place}?{encoded(q=text, page=text, people=text)}")
        assert (text, place, answer.status_code) == (text, place, 200)
        assert Page(answer).shape() <= plain


def test_strings_in_the_sign_up_form_are_taken_or_refused_and_never_fail(client: Client, db: None) -> None:
    open_sign_up()
    place, typed = reverse("account_signup"), "three grey seals"
    fields = {"username": "", "display_name": "plain", "email": "", "password1": typed, "password2": typed}
    for number, text in enumerate(short()):
        name = ("username", "display_name", "email", "password1")[number % 4]
        caches["default"].clear()
        answer = submit(client, place, fields | {"username": f"person-{number}", name: text})
        assert (text, name, answer.status_code) in {(text, name, 200), (text, name, 302)}
        if answer.status_code == 302:
            client.logout()
        else:
            assert Page(answer).all("errors")
    names = User.objects.values_list("username", flat=True)
    assert [name for name in names if not re.fullmatch(r"[a-z0-9_.-]+", name)] == []
    assert names
