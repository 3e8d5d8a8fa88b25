"""Where a new message goes: its conversation, its receiver, its place in a thread."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.conversation import Conversation
from messaging.models.messages.refused import invalid
from messaging.models.people.user import User

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


def resolve_target(message: "Message") -> User:
    """Find the conversation, receiver, thread and depth from what was given. Returns the sender.

    Raises:
        ValidationError: there is no sender or no place, the sender is deactivated, or two values disagree.
    """
    if message.sender_id is None or message.sender is None:
        raise ValidationError({"sender": _("A message needs a sender.")}, code="no_sender")
    # Checked again under the lock; here too, since a first direct message makes its conversation.
    if not message.sender.is_active:
        raise invalid("sender")
    if not message.conversation_id:
        message.conversation = _find_conversation(message, message.sender)
    if message.conversation.is_direct:
        receiver_id = message.conversation.other_id(message.sender_id)
        if message.receiver_id not in (None, receiver_id):
            raise ValidationError(
                {"receiver": _("This person is not in this conversation.")}, code="receiver"
            )
        message.receiver_id = receiver_id
    elif message.receiver_id is not None:
        raise ValidationError({"receiver": _("Only direct messages have a receiver.")}, code="receiver")
    message.thread_root_id, message.depth = None, 0
    if parent := message.parent_message:
        if parent.conversation_id != message.conversation_id:
            raise invalid("elsewhere")
        message.thread_root_id = parent.thread_root_id or parent.pk
        message.depth = parent.depth + 1
    return message.sender


def _find_conversation(message: "Message", sender: User) -> Conversation:
    """The conversation of the parent; without one, the direct conversation with the receiver, which is
    created if there is none."""
    parent = message.parent_message
    if parent:
        # Only compared: making the conversation here would leave an empty one if the reply is refused.
        key = Conversation.direct_key_of(sender, message.receiver or sender)
        if message.receiver_id and parent.conversation.direct_key != key:
            raise invalid("elsewhere")
        return parent.conversation
    if message.receiver is None:
        raise ValidationError(_("A message needs a receiver or a conversation."), code="no_place")
    return Conversation.objects.direct(sender, message.receiver)
