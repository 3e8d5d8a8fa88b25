"""Fixtures of the tests that go from place to place."""

import pytest

from messaging.models import Conversation, User
from messaging.models.rooms.members import add


@pytest.fixture
def pier(ada: User, ben: User) -> Conversation:
    pier = Conversation.objects.create_room("pier", by=ada)
    add(pier, ben)
    return pier
