"""Where a person begins who signs in without having asked for a page."""

from django.db.models import F

from messaging.models.conversations.conversation import Conversation
from messaging.models.people.user import User


def remember_conversation(user: User, pk: int) -> None:
    """Remember where the person was when they signed out.

    Args:
        pk: the id of the conversation that was open.
    """
    User.objects.filter(pk=user.pk).update(last_conversation=pk)


def conversation_to_open(user: User) -> int | None:
    """The id of the conversation in which the person signed out last, if they are still in it; otherwise of
    that with the newest message. None if they are in none."""
    mine = Conversation.objects.visible_to(user).order_by().values_list("pk", flat=True)
    last = mine.filter(pk=user.last_conversation).first() if user.last_conversation else None
    newest = mine.filter(archived_at=None).order_by(F("last_message_at").desc(nulls_last=True), "pk")
    return last or newest.first()
