"""Every URL, persona and kind of conversation: the status must be right, and no secret word may leak."""

from collections.abc import Iterable, Iterator
from itertools import product
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from messaging.models import Installation, Message
from tests.amounts import ON_POSTGRESQL
from tests.security.matrix import ADMIN, RULES, urls
from tests.security.outcomes import LOGIN, OUTSIDE, PERSONAS, SIGN_IN, Outcome
from tests.security.world import INSIDERS, NAMES, Place, World
from tests.views.page import FRAGMENT, Answer

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
IN_A_CONVERSATION = {
    "conversation",
    "message",
    "poll",
    "pictures",
    "member",
    "text",
    "file",
    "preview",
}  # kinds of ids that belong to one
BY_MAIL = {"missed_mails_off", "digest_off"}  # mail programs send their forms, with a token of the mail
FORM = {"content": "Words", "revision": 1}  # each planted message was edited once


def expected(name: str, method: str, persona: str, place: Place, is_htmx: bool) -> Outcome:
    rule = RULES[name]
    answers = {"GET": rule.get, "POST": rule.post}[method]
    if is_htmx:
        answers = rule.htmx.get(method, answers)
    if place.name == "qremoved":
        answers = rule.removed.get(method, answers)
    if place.name == "qopen":
        answers = rule.open.get(method, answers)
    outside = rule.takes in IN_A_CONVERSATION and persona in INSIDERS - place.readers
    answer = answers["stranger" if outside else persona]
    if place.name == "qopen" and method in rule.open and persona == "guest":
        return 404  # a guest cannot join a room
    if answer == SIGN_IN:
        return 401 if is_htmx or method == "POST" else LOGIN
    return answer


def addresses(name: str, world: World) -> Iterator[tuple[Place, str]]:
    """The URL for each place; a URL without a conversation only once."""
    takes, author = RULES[name].takes, world.people["author"]
    for place in world.places if takes in IN_A_CONVERSATION else world.places[:1]:
        arguments: dict[str | None, list[int | str]] = {
            None: [],
            "conversation": [place.conversation.pk],
            "message": [place.message.pk],
            "poll": [place.message.pk],
            "pictures": [place.message.pk],
            "member": [place.conversation.pk, author.pk],
            "text": [place.message.pk, 1],
            "file": [place.file],
            "preview": [place.preview],
            "scheduled": [world.scheduled],
            "draft": [world.draft],
            "reminder": [world.reminder],
            "push": [world.push],
            "person": [author.pk],
            "picture": [author.pk, author.avatar_name],
            "team_picture": [Installation.objects.current().picture_name],
            "emoji": [world.emoji.pk],
            "group": [world.group.pk],
            "emoji_picture": [world.emoji.picture_name],
            "key": ["1", "no-key"],
            "token": ["no-token"],
            "provider": ["acme"],
            "report": [1_000_000],
            "code": ["5e4ac0de-0000-4000-8000-000000000000"],
        }
        yield place, reverse(name, args=arguments[takes])


def cells(world: World, names: Iterable[str]) -> Iterator[tuple[str, Place, str, str, str]]:
    """Every combination of these URLs with a place, a persona and a method."""
    for name in names:
        for place, address in addresses(name, world):
            for persona, method in product(PERSONAS, ("GET", "POST")):
                yield name, place, address, persona, method


def ask(client: Client, method: str, address: str, headers: dict[str, str]) -> Answer:
    """A request that is rolled back."""
    with transaction.atomic():
        answer = (
            client.get(address, headers=headers)
            if method == "GET"
            else client.post(address, {**FORM, "client_id": uuid4()}, headers=headers)
        )
        transaction.set_rollback(True)
    return answer


def is_readable(name: str, method: str, persona: str, place: Place) -> bool:
    """Whether it shows a public room to somebody who is no member of it."""
    is_shown = place.name == "qopen" and method == "GET" and "GET" in RULES[name].open
    return is_shown and persona not in (*OUTSIDE, "guest")


def answered(answer: Answer) -> Outcome:
    to_login = answer.status_code == 302 and answer["Location"].startswith(
        reverse("account_login") + "?next="
    )
    return LOGIN if to_login else answer.status_code


def test_every_url_is_declared() -> None:
    found = urls()
    assert {route for route, name in found.items() if name is None} == ADMIN
    assert {name for name in found.values() if name} == set(RULES)


def test_the_matrix_is_as_large_as_it_should_be(world: World) -> None:
    """Each cell is requested as a page with cold caches and as a fragment with warm ones."""
    assert len(list(cells(world, RULES))) * 2 >= 5_000


# Most rules do not depend on the database, so on PostgreSQL only every third is tested, with warm caches.
@pytest.mark.parametrize("caches_are", ["warm"] if ON_POSTGRESQL else ["cold", "warm"])
def test_everybody_gets_what_is_declared_and_no_word_more(world: World, caches_are: str) -> None:
    """One test, so that the caches are warmed once; it goes through all cells and reports which are wrong."""
    wrong: list[str] = []
    if caches_are == "warm":
        world.warm_up()
    for name, place, address, persona, method in cells(world, list(RULES)[:: 3 if ON_POSTGRESQL else 1]):
        if caches_are == "cold":
            caches["pages"].clear()
            caches["fragments"].clear()
        headers = FRAGMENT if caches_are == "warm" else {}
        answer = ask(world.browser(persona), method, address, headers)
        cell = f"{name}: {method} {address} ({place.name}) as {persona}"
        declared = expected(name, method, persona, place, bool(headers))
        if answered(answer) != declared:
            wrong.append(f"{cell}: {answered(answer)}, not {declared}")
        told = answer.getvalue().decode(errors="replace") + str(answer.headers)
        names_people = RULES[name].names and persona not in (*OUTSIDE, "guest")
        forbidden = world.forbidden_to(persona) - (NAMES if names_people else set())
        if is_readable(name, method, persona, place):
            forbidden -= place.secrets
        wrong += [f"{cell} tells {word}" for word in forbidden if word in told]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.shows])
def test_the_planted_words_are_there_for_who_may_see_them(world: World, name: str) -> None:
    _, address = next(addresses(name, world))
    assert "qownnow" in world.browser("author").get(address).content.decode()


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.shows and rule.open])
def test_a_public_room_can_be_read_by_those_who_may_join_it(world: World, name: str) -> None:
    address = next(address for place, address in addresses(name, world) if place.name == "qopen")
    assert "qopennow" in world.browser("stranger").get(address).content.decode()


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, rule in RULES.items()
        # `share` only shows what is posted: tests/views/messages/test_sharing.py.
        if rule.post["author"] != 405 and name not in (*BY_MAIL, "share")
    ],
)
def test_nothing_is_done_without_the_token_of_the_page(world: World, name: str) -> None:
    for place, address in addresses(name, world):
        client = Client(enforce_csrf_checks=True)
        client.cookies = world.browser("author").cookies
        before = list(Message.rows.values_list("pk", "version"))
        assert (place.name, client.post(address, FORM).status_code) == (place.name, 403)
        assert list(Message.rows.values_list("pk", "version")) == before


def administrators_pages(patterns: list[URLPattern | URLResolver], prefix: str = "/admin/") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from administrators_pages(pattern.url_patterns, route)
        elif "(?P" not in route:
            yield (
                route.replace("<path:object_id>", "1")
                .replace("<id>", "1")
                .replace("<int:content_type_id>", "1")
                .replace("<path:content_type_id>", "1")
            )


def test_the_administrators_pages_are_for_administrators(world: World) -> None:
    elsewhere = {"/admin/login/", "/admin/logout/", "/admin/password_change/"}
    pages = set(administrators_pages(admin.site.urls[0])) - elsewhere
    assert "/admin/messaging/message/" in pages
    assert len(pages) > 30
    for page in sorted(pages):
        for persona in (*OUTSIDE, "author", "administrator"):
            answer = ask(world.browser(persona), "GET", page, {})
            assert (page, answer.status_code) == (page, 302)
            assert "login" in answer["Location"]
            assert not any(word in answer.content.decode() for word in world.forbidden_to(persona))
