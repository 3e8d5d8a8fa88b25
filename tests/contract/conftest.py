"""Fixtures: `send` in a direct conversation and in a room, where every interface must work; and clients."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from messaging.models import Message, User
from tests.factories import UserFactory
from tests.people import ada as ada
from tests.people import ben as ben
from tests.people import cleo as cleo
from tests.people import room as room

Send = Callable[..., Message]


@pytest.fixture(params=["direct", "room"])
def send(request: pytest.FixtureRequest, ada: User, ben: User) -> Send:
    """Sends a message of ada's or ben's to the other by a plain `create()`: once directly, once in a room."""
    place = request.getfixturevalue("room") if request.param == "room" else None

    def send(sender: User, content: str, **fields: Any) -> Message:
        other = ben if sender == ada else ada
        fields |= {"conversation": place} if place else {"receiver": other}
        return Message.objects.create(sender=sender, content=content, **fields)

    return send


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def admin(signed_in: Callable[[User], Client]) -> Client:
    """The browser of an administrator who may do everything that the admin offers."""
    return signed_in(UserFactory.create(username="keeper", is_staff=True, is_superuser=True))
