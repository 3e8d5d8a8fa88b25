"""A mail server of our own, and people who miss messages."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from messaging.models import Conversation, Installation, User
from messaging.models.rooms.members import add
from tests.factories import RoomFactory, UserFactory


@dataclass
class MailServer:
    """Keeps the mails that it was sent. `refusals` says what it answers to some addresses instead, and `cut`
    that it hangs up when it has a mail."""

    received: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.refusals.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.received.append(mail)
        if self.cut:
            assert server.transport
            server.transport.close()
        return self.refusals.get("DATA", "250 OK")


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """The site's mail server, over the network as any other."""
    handler = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.HAS_MAIL_SERVER = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()


@pytest.fixture
def ada(db: None) -> User:
    Installation.objects.row().update(name="Harbour", mailed_to=0)
    return UserFactory.create(username="ada", email="ada@example.org", email_confirmed=True)


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory.create(username="ben", email="ben@example.org", email_confirmed=True)


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    """A room that is older than everything that is sent in it, at whatever time."""
    room: Conversation = RoomFactory.create(name="quay", by=ada)
    add(room, ben)
    room.memberships.update(joined_at=datetime(2020, 1, 1, tzinfo=UTC))
    return room
