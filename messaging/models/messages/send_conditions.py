"""What must be true for a message to be sent, asked in one query while the conversation is locked."""

from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.permissions import Condition, has_active_member, is_not_archived
from messaging.models.db.prepared import prepared
from messaging.models.messages.block_list import CONDITION, is_current
from messaging.models.people.user import User
from messaging.models.site.installation import Installation

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


def answers(message: "Message", sender: User, block_key: str, conversation_id: int) -> dict[str, object]:
    """Asked under the lock: the new version as `now`, and by name whether each condition holds. The message
    gets the key of the site's keywords."""
    arguments = conversation_id, sender.pk, block_key, message.client_id, message.parent_message_id
    [(key, *answers)] = _ask(*arguments)
    message.keywords_key = str(key)
    names = _names(message.client_id is not None, message.parent_message_id is not None)
    return dict(zip(("now", *names), answers, strict=True))


@lru_cache
def _names(has_client_id: bool, is_reply: bool) -> tuple[str, ...]:
    """The names of the conditions, in their order. (Making the conditions takes longer than asking them.)"""
    return tuple(_conditions(0, "", UUID(int=0) if has_client_id else None, 0 if is_reply else None))


@prepared
def _ask(
    conversation_id: int, sender_id: int, block_key: str, client_id: UUID | None, parent_id: int | None
) -> "models.QuerySet[Conversation, tuple[object, ...]]":
    conditions = _conditions(sender_id, block_key, client_id, parent_id)
    key = Subquery(Installation.objects.row().values("keywords_key"))
    this = Conversation.objects.filter(pk=conversation_id)
    return this.values_list(key, "version", *conditions.values())


def _conditions(
    sender_id: int, block_key: str, client_id: UUID | None, parent_id: int | None
) -> dict[str, Condition]:
    """What must be true for a message to be sent."""
    rows = apps.get_model("messaging", "Message").rows
    conditions: dict[str, Condition] = {"sender": has_active_member(sender_id)}
    # Before the conditions on the room and the parent: what was sent stays sent, even if the room was
    # archived or the parent removed since.
    if client_id is not None:
        conditions["not_sent_before"] = ~Exists(rows.filter(sender_id=sender_id, client_id=client_id))
    conditions["archived"] = is_not_archived()
    if parent_id is not None:
        conditions["parent"] = Exists(rows.filter(pk=parent_id, conversation=OuterRef("pk"), removed_at=None))
    conditions[CONDITION] = is_current(block_key)
    return conditions
