"""Fixtures of the tests that use the HTTP views."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.test.client import ClientHandler

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
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
