"""Somebody to be erased."""

import pytest

from messaging.models import Conversation, User
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.people import ada as ada
from tests.people import ben as ben
from tests.people import cleo as cleo
from tests.people import room as room


@pytest.fixture
def zoe(room: Conversation) -> User:
    """A member with a name that nothing else in the database contains."""
    person = UserFactory.create(username="zoe-planted", display_name="Zoë Planted", email="zoe@planted.test")
    add(room, person)
    return person
