"""People with browsers that want notices."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from messaging.models import Conversation, Installation, PushNotice, PushSubscription, User
from messaging.models.inbox.push_notice import note_new, rescan
from messaging.models.rooms.members import add
from messaging.pushing.sending import Sender
from tests.factories import RoomFactory, UserFactory
from tests.pushing.service import HOST, Browser, PushService, served


@pytest.fixture
def service() -> Iterator[PushService]:
    with served() as service, patch("messaging.pushing.sending.NETWORK", service):
        yield service


@pytest.fixture
def sender(service: PushService) -> Iterator[Sender]:
    sender = Sender()
    yield sender
    sender.close()


@pytest.fixture
def ada(db: None) -> User:
    Installation.objects.row().update(name="Harbour")
    return UserFactory.create(username="ada", email="ada@example.org", role=User.Role.OWNER)


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory.create(username="ben")


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    room: Conversation = RoomFactory.create(name="quay", by=ada)
    add(room, ben)
    return room


@pytest.fixture
def phone(ben: User, service: PushService) -> Browser:
    phone = Browser(ben, "/phone")
    phone.subscribe(service)
    return phone


@pytest.fixture
def known() -> Iterator[None]:
    """The push service of the tests is one that browsers' makers run."""
    with patch("messaging.pushing.service.KNOWN_SERVICES", [HOST]):
        yield


def push(sender: Sender) -> None:
    """Look for what is new, let the seconds pass, and send it."""
    while note_new():
        pass
    send(sender)


def send(sender: Sender) -> None:
    """Send what waits for its seconds; what waits for longer (present, paused) waits."""
    now = timezone.now()
    PushNotice.objects.filter(due_at__lt=now + timedelta(seconds=10)).update(due_at=now)
    while sender.send_due():
        pass
    sender.finish()


def time_passes(sender: Sender) -> None:
    """Everything that people and push services made wait has passed, and is looked at again."""
    PushSubscription.objects.update(present_until=None, paused_until=None)
    PushNotice.objects.exclude(due_at=None).update(due_at=timezone.now())
    rescan()
    rescan()
    push(sender)
