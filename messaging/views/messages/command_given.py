"""What a command is given, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from messaging.models import Conversation, Message, User


@dataclass
class Given:
    """Where a command was typed, by whom, and its argument.

    Attributes:
        parent: the message that a reply answers.
        now: in the person's time zone.
    """

    user: User
    conversation: Conversation
    parent: Message | None = None
    rest: str = ""
    client_id: UUID | None = None
    now: datetime = field(default_factory=timezone.now)


@dataclass
class Outcome:
    """The result of a command: a sentence to show, or the address of a page to open."""

    sentence: str = ""
    address: str = ""
