"""The room and the threads of the race tests."""

from collections.abc import Iterator

import pytest
from django.db import connection

from messaging.models import Conversation, User
from tests.amounts import ON_POSTGRESQL
from tests.factories import RoomFactory
from tests.people import ada as ada
from tests.people import ben as ben
from tests.people import cleo as cleo
from tests.races.racing import Racers
from tests.races.soundness import assert_sound
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture
def racers(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Racers]:
    if not ON_POSTGRESQL:  # a slow machine must not fail the test by the timeout for locks
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", PATIENCE_SECONDS)
    racers = Racers()
    yield racers
    racers.close()
    assert_sound()


@pytest.fixture
def room(ada: User, ben: User, cleo: User) -> Conversation:
    """A room of all three without messages, whose version is reset: adding Ben and Cleo raised it."""
    room = RoomFactory.create(name="garden", by=ada, members=[ben, cleo])
    Conversation.objects.filter(pk=room.pk).update(version=0)
    return Conversation.objects.get(pk=room.pk)
