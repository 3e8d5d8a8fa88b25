"""The content security policy: every response has the strict policy, and the pages follow it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from messaging.models import Attachment, Conversation, Message, User
from tests.security.matrix import RULES
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "media-src": "'self' blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Script in markup, in the ways that HTML and htmx know. `hx-vals` is JSON unless its value begins with "js:".
SCRIPTED = re.compile(r"on\w+|hx-on.*|hx-vars|style|srcdoc")
SCRIPT_VALUE = re.compile(r"\s*(?:javascript|js|data|vbscript):", re.IGNORECASE)


def policy_of(answer: Answer) -> dict[str, str]:
    directives = answer["Content-Security-Policy"].split(";")
    parts = (directive.strip().partition(" ") for directive in directives)
    return {name: value for name, _, value in parts if name}


def page_addresses(message: Message) -> list[str]:
    """Every page whose URL has no id, or that of a conversation or message; and one of the admin site."""
    arguments: dict[str | None, list[int | None]] = {
        None: [],
        "conversation": [message.conversation_id],
        "message": [message.pk],
    }
    names = [name for name, rule in RULES.items() if rule.takes in arguments and rule.get["author"] == 200]
    pages = [name for name in names if name not in {"token", "account_export"}]
    return [*(reverse(name, args=arguments[RULES[name].takes]) for name in pages), reverse("admin:index")]


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_every_page_has_the_policy_and_follows_it(
    as_ada: Client, message: Message, ada: User, headers: dict[str, str]
) -> None:
    User.objects.filter(pk=ada.pk).update(is_staff=True, is_superuser=True)
    message.edit("Land, @ada: <script>\n\n- [ ] row there")
    Attachment.objects.create(message=message, uploader=ada, name="sea.png", content_type="image/png", size=1)
    Message.rows.update(file_count=1)
    for place in page_addresses(message):
        answer = as_ada.get(place, headers=headers)
        assert (place, answer.status_code, policy_of(answer)) == (place, 200, POLICY)
        assert_follows_the_policy(Page(answer))


def assert_follows_the_policy(page: Page) -> None:
    for element in page.elements:
        assert element.tag not in {"style", "iframe", "object", "embed", "base"}
        if element.tag == "script":
            assert element.attributes["src"].startswith("/static/")
            assert not element.text
        for name, value in element.attributes.items():
            assert not SCRIPTED.fullmatch(name), f"{element.tag} {name}"
            assert not SCRIPT_VALUE.match(value), f"{element.tag} {name}={value}"
            assert not (name == "hx-trigger" and "[" in value), value  # a filter is evaluated


def ask(client: Client, method: str, place: str, **options: object) -> Answer:
    client.raise_request_exception = False
    return getattr(client, method)(place, **options)


@pytest.mark.parametrize(
    ("status", "method", "place", "options"),
    [
        (400, "get", "/", {"headers": {"Host": "evil.example"}}),
        (400, "post", "/conversations/{room}/send/", {"data": {f"f{n}": n for n in range(2_000)}}),
        (404, "get", "/nowhere/", {}),
        (404, "get", "/conversations/4711/", {}),
        (404, "post", "/conversations/4711/send/", {"data": {"content": "kept"}}),
        (404, "get", "/static/nothing.css", {}),
        (405, "get", "/conversations/{room}/read/", {}),
        (422, "post", "/conversations/{room}/send/", {"data": {"content": ""}}),
        (302, "post", "/conversations/{room}/send/", {"data": {"content": "Hi"}}),
        (301, "get", "/rooms", {}),
        (500, "get", "/fails/500/", {}),
        (503, "get", "/fails/503/", {}),
        (507, "get", "/fails/507/", {}),
        (200, "get", "/static/css/app.css", {}),
        (200, "get", "/static/vendor/htmx.bundle.js", {}),
        (200, "get", "/static/logo.svg", {}),
        (200, "get", "/viewers/1.css", {}),
    ],
)
@pytest.mark.urls("tests.security.failing_urls")
def test_every_other_response_has_the_policy(
    as_ada: Client, room: Conversation, status: int, method: str, place: str, options: dict[str, object]
) -> None:
    answer = ask(as_ada, method, place.format(room=room.pk), **options)
    assert (answer.status_code, policy_of(answer)) == (status, POLICY)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert_follows_the_policy(Page(answer))
    answer.close()


def test_the_response_to_a_missing_csrf_token_has_the_policy(as_ada: Client, room: Conversation) -> None:
    as_ada.handler = Client(enforce_csrf_checks=True).handler
    answer = as_ada.post(reverse("message_send", args=[room.pk]), {"content": "Hi"})
    assert (answer.status_code, policy_of(answer)) == (403, POLICY)
    assert_follows_the_policy(Page(answer))
    assert gettext("This page has expired") in Page(answer).html


def test_a_not_modified_response_has_the_policy(as_ada: Client, message: Message) -> None:
    place = reverse("message_list", args=[message.conversation_id])
    again = as_ada.get(place, headers={"If-None-Match": as_ada.get(place)["ETag"]})
    assert (again.status_code, policy_of(again)) == (304, POLICY)


def test_the_page_for_too_many_sign_in_attempts_has_the_policy(client: Client, ada: User) -> None:
    for _ in range(40):
        answer = client.post(reverse("account_login"), {"login": "ada", "password": "wrong"})
        if answer.status_code == 429:
            break
    assert (answer.status_code, policy_of(answer)) == (429, POLICY)
    page = Page(answer)
    assert_follows_the_policy(page)
    assert "/static/css/app.css" in page.links


@pytest.mark.urls("tests.security.failing_urls")
def test_visitor_sees_no_detail_of_an_internal_error(as_ada: Client) -> None:
    page = Page(ask(as_ada, "get", "/fails/500/"))
    assert gettext("Something went wrong") in page.html
    assert "secret" not in page.html
    assert "ZeroDivisionError" not in page.html


def test_other_headers_that_keep_a_page_to_itself(as_ada: Client, message: Message) -> None:
    for place in page_addresses(message)[:-1]:
        answer = as_ada.get(place)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_other_site_may_read_a_response(as_ada: Client, message: Message) -> None:
    for place in [*page_addresses(message)[:-1], "/static/css/app.css", "/nowhere/"]:
        for method in ("get", "options"):
            answer = ask(as_ada, method, place, headers={"Origin": "https://evil.example"})
            assert not [name for name in answer.headers if name.startswith("Access-Control-")], place
            answer.close()


def test_every_response_has_a_content_type_with_a_charset(as_ada: Client, message: Message) -> None:
    for place in [
        *page_addresses(message),
        "/static/css/app.css",
        "/static/js/app.js",
        "/viewers/1.css",
        "/nowhere/",
    ]:
        answer = ask(as_ada, "get", place)
        kind = answer["Content-Type"]
        assert kind.partition(";")[0] in {"text/html", "text/css", "text/javascript"}, place
        assert 'charset="utf-8"' in kind or "charset=utf-8" in kind, (place, kind)
        answer.close()
