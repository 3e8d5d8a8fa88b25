"""A room with messages of different ages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.models import Conversation, Installation, Message
from messaging.models.site.retention import Retention, Rule
from tests.people import ada as ada
from tests.people import ben as ben
from tests.people import room as room


def aged(message: Message, days: int) -> Message:
    """The message, as if it had been sent so many days ago."""
    message.timestamp = timezone.now() - timedelta(days=days)
    Message.rows.filter(pk=message.pk).update(timestamp=message.timestamp)
    return message


def rule_of_site(rule: Rule) -> None:
    """Put a rule of the site in force."""
    Installation.objects.row().update(retention=Retention(rule).to_column())


def rule_of_room(room: Conversation, rule: Rule) -> None:
    Conversation.objects.filter(pk=room.pk).update(retention=Retention(rule).to_column())


@pytest.fixture
def kept_for_30_days(db: None) -> None:
    rule_of_site(Rule(30))
