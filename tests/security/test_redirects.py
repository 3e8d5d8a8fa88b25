"""No redirect leaves the site, whatever a URL or a form contains."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User
from tests.factories import open_sign_up

pytestmark = pytest.mark.django_db
PASSWORD = "three grey seals"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "https://127.0.0.1:8000@evil.example/",
    "\thttps://evil.example",
]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_signing_in_up_and_out_stay_here(client: Client, ada: User, place: str) -> None:
    open_sign_up()
    ada.set_password(PASSWORD)
    ada.save()
    given = {"login": "ada", "password": PASSWORD, "next": place}
    signed_in = client.post(f"{reverse('account_login')}", given)
    signed_out = client.post(reverse("account_logout"), {"next": place})
    new = {"username": "zoe", "password1": PASSWORD, "password2": PASSWORD, "next": place}
    signed_up = client.post(reverse("account_signup"), new)
    assert [signed_in["Location"], signed_out["Location"], signed_up["Location"]] == [
        reverse("room_list"),
        reverse("account_login"),
        reverse("room_list"),
    ]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_redirects_after_a_post_ignore_the_request(as_ada: Client, room: Conversation, place: str) -> None:
    headers = {"Referer": place, "HX-Current-URL": place}
    form = {"content": "Hi", "next": place, "then": place, "redirect": place}
    for name in ("message_send", "conversation_read", "conversation_leave"):
        answer = as_ada.post(f"{reverse(name, args=[room.pk])}", form, headers=headers)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert "evil" not in answer["Location"]
        assert not [header for header in answer.headers if header.startswith("HX-")]
