"""Changing what people add to a message, such as reactions, votes and pins, and not its text."""

from collections.abc import Callable

from messaging.models.conversations.conversation import Unchanged
from messaging.models.conversations.permissions import Condition, has_active_member, is_not_archived
from messaging.models.db.refusals import Gone, Refused, get_or_gone
from messaging.models.messages.message import Message
from messaging.models.messages.refused import invalid
from messaging.models.people.user import User


def may_write(user: User) -> dict[str, Condition]:
    """The conditions under which somebody may do something with the messages of a conversation."""
    return {"editor": has_active_member(user.pk), "archived": is_not_archived()}


def change_stored(
    message: Message,
    conditions: dict[str, Condition],
    write: Callable[[Message], bool],
    is_in_header: bool = False,
) -> Message:
    """Change something about a message under the lock of its conversation, and give it the new version.

    Args:
        conditions: of the conversation, by the code of the refusal, such as those of `may_write`.
        write: gets the message as it is stored, and returns whether it has changed anything.
        is_in_header: whether the header of the conversation's page shows it too. Open pages load the header
            again for a version that belongs to no message (live/payload.py), so one more version is taken.

    Returns:
        The message as it is now.

    Raises:
        ValidationError: the message was removed, or a condition does not hold.
        Gone: the message or the conversation was deleted.
    """
    stored = message
    try:
        with message.conversation.writing(conditions, count=2 if is_in_header else 1) as version:
            # Read under the lock: what is rendered from it is cached under its version.
            stored = get_or_gone(Message.rows.select_related("sender"), pk=message.pk)
            stored.conversation = message.conversation
            if stored.is_removed:
                raise invalid("removed")
            if not write(stored):
                raise Unchanged
            Message.rows.filter(pk=stored.pk).update(version=version)
            stored.version = version
    except Gone:
        raise
    except Refused as refused:
        raise invalid(refused.code) from None
    return stored
