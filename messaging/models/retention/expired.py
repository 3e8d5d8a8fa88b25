"""What the rules of retention delete: messages by their own age, and tombstones with nothing below them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.queryset import ConversationQuerySet
from messaging.models.inbox.saved import SavedMessage
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.models.site.installation import Installation
from messaging.models.site.retention import Retention, Rule, retention_from


class Scope(NamedTuple):
    """Conversations whose messages are deleted by the same rule."""

    rule: Rule
    conversations: ConversationQuerySet


def of_site() -> Retention:
    return retention_from(Installation.objects.row().values_list("retention", flat=True).get())


def own_rules() -> dict[int, Rule]:
    """The rules in force that rooms have of their own, by the id of the room."""
    columns = Conversation.objects.filter(retention__isnull=False).values_list("pk", "retention")
    return {pk: rule for pk, column in columns if (rule := retention_from(column).rule)}


def scopes(site: Rule, own: Mapping[int, Rule]) -> list[Scope]:
    """All conversations, by the rule that they would have if the site and rooms had these rules."""
    by_rule: dict[Rule, list[int]] = {}
    for pk, rule in own.items():
        by_rule.setdefault(rule.within(site), []).append(pk)
    others = Conversation.objects.exclude(pk__in=list(own))
    return [
        Scope(site, others),
        *(Scope(rule, Conversation.objects.filter(pk__in=ids)) for rule, ids in by_rule.items()),
    ]


def expired(rule: Rule, conversations: ConversationQuerySet | Collection[int]) -> MessageRows:
    """The messages that this rule deletes now.

    Args:
        conversations: where; as a QuerySet, or as ids.
    """
    rows: MessageRows = Message.rows.filter(removed_at=None)
    if rule.age is None:
        return rows.none()
    if isinstance(conversations, ConversationQuerySet):
        rows = rows.filter(conversation__in=conversations.order_by())
    else:
        rows = rows.filter(conversation__in=conversations)
    rows = rows.filter(timestamp__lt=timezone.now() - rule.age)
    if rule.keeps_pinned:
        rows = rows.filter(pinned_at=None)
    if rule.keeps_saved:
        rows = rows.filter(~Exists(SavedMessage.objects.filter(message=OuterRef("pk"))))
    return rows


def bare_tombstones(conversation_id: int, sent_before: datetime) -> MessageRows:
    """What is left of removed messages that were sent before this time and that nothing replies to."""
    rows: MessageRows = Message.rows.filter(removed_at__isnull=False, timestamp__lt=sent_before)
    replies = Message.rows.filter(parent_message=OuterRef("pk"))
    return rows.filter(~Exists(replies), conversation=conversation_id)
