"""Fixtures of the tests that use the HTTP views."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.cache import caches
from django.test import Client
from django.test.client import ClientHandler

from messaging.models import Conversation, Installation, Message, User
from messaging.models.messages.saving import post
from tests.contract.counting import statements
from tests.factories import RoomFactory, UserFactory


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory.create(username="ada", display_name="Ada Lovelace")


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory.create(username="ben", display_name="Ben Okri")


@pytest.fixture
def stranger(db: None) -> User:
    return UserFactory.create(username="stranger")


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    """A private room of Ada and Ben."""
    return RoomFactory.create(name="Harbour", by=ada, members=[ben], is_private=True)


@pytest.fixture
def direct(ada: User, ben: User) -> Conversation:
    return Conversation.objects.direct(ada, ben)


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    """What Ada wrote in the room."""
    return post(room, ada, "Land ho")


@pytest.fixture(scope="session")
def server() -> ClientHandler:
    """One handler for all clients, because creating one takes 15 ms (it lists the static files)."""
    return ClientHandler(enforce_csrf_checks=False)


@pytest.fixture
def browser(db: None, server: ClientHandler) -> Callable[..., Client]:
    """Opens browsers: `browser(ada)` is one that Ada is signed in to."""
    return partial(open_browser, server)


def open_browser(server: ClientHandler, user: User | None = None) -> Client:
    client = Client()
    client.handler = server
    if user:
        client.force_login(user)
    return client


@pytest.fixture
def as_ada(ada: User, browser: Callable[..., Client]) -> Client:
    return browser(ada)


@pytest.fixture
def as_ben(ben: User, browser: Callable[..., Client]) -> Client:
    return browser(ben)


@pytest.fixture
def as_stranger(stranger: User, browser: Callable[..., Client]) -> Client:
    return browser(stranger)


@pytest.fixture
def cost(ben: User, browser: Callable[[User], Client]) -> Callable[..., int]:
    """The number of queries of a request by Ben: `cost(place)` reads, `cost(place, text)` sends."""
    Installation.objects.current()  # made by the first page that an installation ever shows

    def cost(place: str, text: str = "", headers: dict[str, str] | None = None, warm: bool = False) -> int:
        client = browser(ben)
        for alias in ("pages", "fragments"):
            caches[alias].clear()
        if warm:
            client.get(place, headers=headers)
        with statements() as found:
            if text:
                answer = client.post(place, {"content": text}, headers=headers)
            else:
                answer = client.get(place, headers=headers)
        assert answer.status_code in {200, 302}
        return len(found)

    return cost
