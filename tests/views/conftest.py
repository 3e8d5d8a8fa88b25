"""The people and places of the tests that go through the product's front door."""

from collections.abc import Callable

import pytest
from django.test import Client

from messaging.models import Conversation, User


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes people: `person("ada")`."""

    def person(username: str, display_name: str = "", **fields: object) -> User:
        return User.objects.create_user(
            username, password="a long pass phrase", display_name=display_name, **fields
        )

    return person


@pytest.fixture
def ada(person: Callable[..., User]) -> User:
    return person("ada", "Ada Lovelace")


@pytest.fixture
def ben(person: Callable[..., User]) -> User:
    return person("ben", "Ben Okri")


@pytest.fixture
def stranger(person: Callable[..., User]) -> User:
    return person("stranger")


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    """A private room of Ada and Ben."""
    room = Conversation.objects.create_room("Harbour", by=ada, topic="Ships", is_private=True)
    room.add(ben)
    return room


@pytest.fixture
def direct(ada: User, ben: User) -> Conversation:
    return Conversation.objects.direct(ada, ben)


@pytest.fixture
def browser() -> Callable[..., Client]:
    """Opens a browser that a person is signed in to."""

    def browser(user: User | None = None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return browser


@pytest.fixture
def as_ada(ada: User, browser: Callable[..., Client]) -> Client:
    return browser(ada)


@pytest.fixture
def as_ben(ben: User, browser: Callable[..., Client]) -> Client:
    return browser(ben)


@pytest.fixture
def as_stranger(stranger: User, browser: Callable[..., Client]) -> Client:
    return browser(stranger)
