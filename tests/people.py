"""Three people in a room: fixtures, imported by the `conftest.py` files that need them."""

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
    """A room that all three are in."""
    return RoomFactory.create(name="garden", by=ada, members=[ben, cleo])
