"""The people and places of the tests that go through the product's front door."""

from collections.abc import Callable

import pytest
from django.test import Client

from messaging.models import Conversation, Message, User
from tests.factories import RoomFactory, UserFactory


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(username="ada", display_name="Ada Lovelace")


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory(username="ben", display_name="Ben Okri")


@pytest.fixture
def stranger(db: None) -> User:
    return UserFactory(username="stranger")


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    """A private room of Ada and Ben."""
    return RoomFactory(name="Harbour", by=ada, members=[ben], is_private=True)


@pytest.fixture
def direct(ada: User, ben: User) -> Conversation:
    return Conversation.objects.direct(ada, ben)


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    """What Ada wrote in the room."""
    return room.post(ada, "Land ho")


@pytest.fixture
def browser(db: None) -> Callable[[User], Client]:
    """Opens a browser that a person is signed in to."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def as_ada(ada: User, browser: Callable[[User], Client]) -> Client:
    return browser(ada)


@pytest.fixture
def as_ben(ben: User, browser: Callable[[User], Client]) -> Client:
    return browser(ben)


@pytest.fixture
def as_stranger(stranger: User, browser: Callable[[User], Client]) -> Client:
    return browser(stranger)
