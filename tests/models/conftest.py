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
