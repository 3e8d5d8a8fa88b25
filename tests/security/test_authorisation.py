"""Every URL, visitor and kind of place: judged by the status, and by words that must not leak."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.cache import caches
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from messaging.models import Conversation, Message, User
from tests.factories import RoomFactory, UserFactory
from tests.security.matrix import ADMIN, LOGIN, PERSONAS, RULES, SIGNED_OUT, Answer, urls
from tests.views.page import FRAGMENT

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
INSIDERS = frozenset({"member", "author"})
FORM = {"content": "Words", "revision": 1}  # each planted message was edited once


@dataclass
class Place:
    """A message somewhere, and the words that only `readers` may see."""

    name: str
    message: Message
    secrets: set[str]
    readers: frozenset[str]

    @property
    def conversation(self) -> Conversation:
        return self.message.conversation


@dataclass
class World:
    people: dict[str, User]
    places: list[Place]
    sessions: dict[str, str]
    open_browser: Callable[[], Client]

    def browser(self, persona: str) -> Client:
        client = self.open_browser()
        if persona in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[persona]
        return client

    def warm_up(self) -> None:
        """Everybody opens the lists that they may see."""
        for place in self.places:
            for client in map(self.browser, ("author", "dora")):
                client.get(reverse("message_list", args=[place.conversation.pk]), headers=FRAGMENT)
                client.get(reverse("thread_list", args=[place.message.pk]), headers=FRAGMENT)

    def forbidden_to(self, persona: str) -> set[str]:
        return set().union(*(place.secrets for place in self.places if persona not in place.readers))


def written(name: str, conversation: Conversation, by: User, other: User, readers: frozenset[str]) -> Place:
    """A message with a history and an answer, all of planted words."""
    message = conversation.post(by, f"{name}first")
    message.edit(f"{name}now")
    conversation.post(other, f"{name}answer", parent=message)
    return Place(name, message, {f"{name}{what}" for what in ("first", "now", "answer")}, readers)


@pytest.fixture
def world(browser: Callable[..., Client]) -> World:
    names = [*PERSONAS[1:], "dora", "emil"]
    people = {
        name: UserFactory.create(username=f"the-{name}", display_name=f"shown-{name}") for name in names
    }
    author, member, dora, emil = (people[name] for name in ("author", "member", "dora", "emil"))
    room = RoomFactory.create(
        name="qownname", by=author, members=[member, people["ex-member"]], is_private=True
    )
    other = RoomFactory.create(
        name="qothername", topic="qothertopic", by=dora, members=[emil], is_private=True
    )
    square = RoomFactory.create(name="square", by=dora, members=[emil])
    places = [
        written("qown", room, author, member, INSIDERS),
        written("qother", other, dora, emil, frozenset()),
        written("qdirect", Conversation.objects.direct(dora, emil), dora, emil, frozenset()),
        written("qopen", square, dora, emil, frozenset()),
        written("qremoved", room, author, member, INSIDERS),
    ]
    places[0].secrets.add("qownname")
    places[1].secrets |= {"qothername", "qothertopic"}
    places[2].secrets.add("shown-emil")
    removed = places[-1]
    removed.message.remove(by=author)
    places.append(Place("gone", removed.message, {"qremovedfirst", "qremovednow"}, frozenset()))
    removed.secrets = {"qremovedanswer"}
    room.remove(people["ex-member"])
    cookie = settings.SESSION_COOKIE_NAME
    sessions = {name: browser(person).cookies[cookie].value for name, person in people.items()}
    return World(people, places, sessions, browser)


def expected(name: str, method: str, persona: str, place: Place, is_htmx: bool) -> Answer:
    rule = RULES[name]
    answers = {"GET": rule.get, "POST": rule.post}[method]
    if is_htmx:
        answers = rule.htmx.get(method, answers)
    if place.name == "qremoved":
        answers = rule.removed.get(method, answers)
    if place.name == "qopen":
        answers = rule.open.get(method, answers)
    outside = rule.takes in {"conversation", "message"} and persona in INSIDERS - place.readers
    return answers["stranger" if outside else persona]


def addresses(name: str, world: World) -> Iterator[tuple[Place, str]]:
    """The URL in each place; a URL that is of no place once."""
    takes = RULES[name].takes
    for place in world.places[:5] if takes in {"conversation", "message"} else world.places[:1]:
        ids = {
            "conversation": place.conversation.pk,
            "message": place.message.pk,
            "person": world.people["author"].pk,
        }
        yield place, reverse(name, args=[ids[takes]] if takes else [])


def ask(client: Client, method: str, address: str, headers: dict[str, str]) -> HttpResponse:
    """A request whose effects are taken back."""
    with transaction.atomic():
        answer = (
            client.get(address, headers=headers)
            if method == "GET"
            else client.post(address, FORM, headers=headers)
        )
        transaction.set_rollback(True)
    return answer


def answered(answer: HttpResponse) -> Answer:
    to_login = answer.status_code == 302 and answer["Location"].startswith(
        reverse("account_login") + "?next="
    )
    return LOGIN if to_login else answer.status_code


def test_every_url_is_declared() -> None:
    found = urls()
    assert {route for route, name in found.items() if name is None} == ADMIN
    assert {name for name in found.values() if name} == set(RULES)


@pytest.mark.parametrize("caches_are", ["cold", "warm"])
@pytest.mark.parametrize("name", RULES)
def test_everybody_gets_what_is_declared_and_no_word_more(world: World, name: str, caches_are: str) -> None:
    wrong: list[str] = []
    if caches_are == "warm":
        world.warm_up()
    for place, address in addresses(name, world):
        for persona in PERSONAS:
            for method in ("GET", "POST"):
                if caches_are == "cold":
                    caches["pages"].clear()
                    caches["fragments"].clear()
                headers = FRAGMENT if caches_are == "warm" else {}
                answer = ask(world.browser(persona), method, address, headers)
                cell = f"{method} {address} ({place.name}) as {persona}"
                declared = expected(name, method, persona, place, bool(headers))
                if answered(answer) != declared:
                    wrong.append(f"{cell}: {answered(answer)}, not {declared}")
                told = answer.getvalue().decode() + str(answer.headers)
                wrong += [f"{cell} tells {word}" for word in world.forbidden_to(persona) if word in told]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.shows])
def test_the_planted_words_are_there_for_who_may_see_them(world: World, name: str) -> None:
    _, address = next(addresses(name, world))
    assert "qownnow" in world.browser("author").get(address).content.decode()


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.post["author"] != 405])
def test_nothing_is_done_without_the_token_of_the_page(world: World, name: str) -> None:
    """An anonymous visitor of a members' page is led away before, and nothing is done either."""
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
    pages = set(administrators_pages(admin.site.urls[0])) - {"/admin/login/", "/admin/logout/"}
    assert "/admin/messaging/message/" in pages
    assert len(pages) > 30
    for page in sorted(pages):
        for persona in (SIGNED_OUT, "author"):
            answer = ask(world.browser(persona), "GET", page, {})
            assert (page, answer.status_code) == (page, 302)
            assert "login" in answer["Location"]
            assert not any(word in answer.content.decode() for word in world.forbidden_to(persona))
