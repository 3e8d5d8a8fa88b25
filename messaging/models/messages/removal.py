"""Removing a message, or one of its earlier texts: by its author, or by a moderator, who gives a reason.

A removed message leaves a tombstone: its place stays, and everything else goes.
"""

from typing import TYPE_CHECKING

from django.db.models import Exists, Q

from messaging.models.conversations.conversation import Unchanged
from messaging.models.conversations.permissions import (
    Condition,
    can_moderate,
    condition,
    has_active_member,
)
from messaging.models.db.refusals import Gone, Refused, get_or_gone
from messaging.models.messages.refused import invalid
from messaging.models.people.user import User
from messaging.models.site.audit_log import AuditEntry
from messaging.text import clean_text

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

REASON_LENGTH = 200


def remove(message: "Message", by: User | None = None, reason: str = "", as_site: bool = False) -> None:
    """Make a tombstone of it: its place stays; text, history, files and all that belongs to it are deleted.

    Removing it again changes nothing.

    Args:
        by: who removes it: its author, or a moderator; the program itself if None.
        reason: a moderator's, which everybody can read in the message's place.
        as_site: `by` is an administrator of the site who decides about a report of it (`accounts.reporting`):
            they need not be a member.

    Raises:
        ValidationError: `by` is no member any more, or neither author nor moderator; or the reason is too
            long.
    """
    is_moderation = by is not None and by.pk != message.sender_id
    if is_moderation and reason:
        reason = clean_text(reason, max_length=REASON_LENGTH, single_line=True)
    this = type(message).rows.filter(pk=message.pk)
    try:
        conditions = _is_administrator(by) if by and as_site else _conditions(message, by)
        with message.conversation.writing(conditions) as version:
            stored = get_or_gone(this)
            if stored.is_removed:
                message.refresh_from_db()
                raise Unchanged
            if is_moderation:
                this.redact(version, by=by, reason=reason)
                _record(message, by, AuditEntry.Act.REMOVED_MESSAGE)
            else:
                this.redact(version)
            message.refresh_from_db()  # under the lock: later a deletion may sweep the tombstone
            if stored.is_pinned:
                with message.conversation.writing():
                    pass  # a version of no message: the head of open pages counts what is pinned
    except Gone:
        raise
    except Refused as refused:
        raise invalid(refused.code) from None


def remove_text(message: "Message", number: int, by: User) -> None:
    """Remove one earlier text from the history, for good; a mark that there was one stays.

    Args:
        number: of the text, the first being 1. The current text is changed by an edit.
        by: its author, or a moderator.

    Raises:
        ValidationError: `by` is no member any more, or neither author nor moderator.
        Gone: there is no such text.
    """
    try:
        with message.conversation.writing(_conditions(message, by)):
            get_or_gone(message.history.all(), number=number)
            removed = message.history.filter(number=number, removed_at=None).remove_texts()
            if removed and number == 1:
                type(message).rows.filter(pk=message.pk).update(sent_hmac="")
            if removed and by.pk != message.sender_id:
                _record(message, by, AuditEntry.Act.REMOVED_TEXT)
    except Gone:
        raise
    except Refused as refused:
        raise invalid(refused.code) from None


def _conditions(message: "Message", by: User | None) -> dict[str, Condition]:
    """What must be true, under the lock, of the person who removes something."""
    if by is None:
        return {}
    conditions: dict[str, Condition] = {"editor": has_active_member(by.pk)}
    if by.pk != message.sender_id:
        # Removing a removed message changes nothing, so it needs no permission.
        is_removed = Exists(type(message).rows.filter(pk=message.pk, removed_at__isnull=False))
        conditions["moderator"] = condition(Q(can_moderate(by)) | Q(is_removed))
    return conditions


def _is_administrator(by: User) -> dict[str, Condition]:
    """What must be true, under the lock, of an administrator of the site."""
    administrators = User.objects.active().filter(pk=by.pk, role__in=User.ADMINISTRATORS)
    return {"moderator": Exists(administrators)}


def _record(message: "Message", by: User | None, act: AuditEntry.Act) -> None:
    AuditEntry.objects.record(by, act, person=message.sender, conversation=message.conversation)
