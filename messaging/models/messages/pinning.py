"""Pinned messages: what the members of a conversation keep at hand for all of them."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import ngettext

from messaging.models.db.registry import PersonPart, Rows, register_person_part
from messaging.models.messages.changing import change_stored, may_write
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.models.people.user import User

MOST_PINS = 50  # in one conversation


def pin(message: Message, user: User) -> Message:
    """Pin a message. If it is pinned already, nothing changes, nor who pinned it.

    Returns:
        The message as it is now.

    Raises:
        ValidationError: the conversation has too many pinned messages; the message was removed; the room is
            archived; or the person is no member.
        Gone: the message or the conversation was deleted.
    """

    def write(stored: Message) -> bool:
        if stored.is_pinned:
            return False
        if pins_of(stored.conversation_id).count() >= MOST_PINS:
            text = ngettext(
                "%(number)d message is pinned here already. Unpin one of them first.",
                "%(number)d messages are pinned here already. Unpin one of them first.",
                MOST_PINS,
            )
            raise ValidationError(text % {"number": MOST_PINS}, code="pins")
        stored.pinned_at, stored.pinned_by = timezone.now(), user
        Message.rows.filter(pk=stored.pk).update(pinned_at=stored.pinned_at, pinned_by=user)
        return True

    return change_stored(message, may_write(user), write, is_in_header=True)


def unpin(message: Message, user: User) -> Message:
    """Unpin a message, no matter who pinned it. If it is not pinned, nothing changes.

    Returns and raises what `pin` does.
    """

    def write(stored: Message) -> bool:
        if not stored.is_pinned:
            return False
        stored.pinned_at = stored.pinned_by = None
        Message.rows.filter(pk=stored.pk).update(pinned_at=None, pinned_by=None)
        return True

    return change_stored(message, may_write(user), write, is_in_header=True)


def pins_of(conversation_id: int) -> MessageRows:
    """The pinned messages of a conversation, the one that was pinned last first."""
    pinned: MessageRows = Message.rows.filter(conversation=conversation_id, pinned_at__isnull=False)
    return pinned.order_by("-pinned_at", "-pk")


def _erase_pins(people: Collection[int], messages: Rows, version: int | None) -> int:
    """Forget that it was these people who pinned the messages, which stay pinned."""
    changes: dict[str, object] = {"pinned_by": None, **({"version": version} if version else {})}
    messages.filter(pinned_by__in=people).update(**changes)
    return 0


def _exported(user: User) -> list[dict[str, object]]:
    rows = Message.rows.filter(pinned_by=user).order_by("pinned_at", "pk").values_list("pk", "pinned_at")
    return [{"message": pk, "at": at.isoformat()} for pk, at in rows if at]


register_person_part(
    PersonPart(
        Message,
        "pinned_by",
        conversation="conversation",
        message="pk",
        erase=_erase_pins,
        exported_as="pinned",
        export=_exported,
    )
)
