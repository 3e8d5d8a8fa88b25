"""Three people, and a room that all are in."""

import pytest

from messaging.models import Conversation, User
from tests.factories import RoomFactory, UserFactory


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory.create(username="ada")


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory.create(username="ben")


@pytest.fixture
def cleo(db: None) -> User:
    return UserFactory.create(username="cleo")


@pytest.fixture
def room(ada: User, ben: User, cleo: User) -> Conversation:
    return RoomFactory.create(name="garden", by=ada, members=[ben, cleo])


@pytest.fixture
def zoe(room: Conversation) -> User:
    """A member whose name cannot stand anywhere by chance."""
    person = UserFactory.create(username="zoe-planted", display_name="Zoë Planted", email="zoe@planted.test")
    room.add(person)
    return person
