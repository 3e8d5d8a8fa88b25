"""Sending a poll; its end is a task, so that open pages show it."""

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.refusals import Gone
from messaging.models.db.tasks import task
from messaging.models.messages.message import Message
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.saving import post
from messaging.models.messages.voting import end_when_due
from messaging.models.people.user import User


def post_poll(
    conversation: Conversation,
    sender: User,
    question: str,
    poll: NewPoll,
    client_id: UUID | None = None,
    parent: Message | None = None,
    present: Collection[int] = (),
    notifies_only_people: bool = False,
) -> Message:
    """Send a poll. Its arguments, what it returns and what it raises are those of `post`."""
    with transaction.atomic():
        message = post(
            conversation,
            sender,
            question,
            parent,
            client_id=client_id,
            poll=poll,
            present=present,
            notifies_only_people=notifies_only_people,
        )
        if poll.ends_at:
            end_poll_when_due.using(run_after=poll.ends_at).enqueue(message.pk)
    return message


@task()
def end_poll_when_due(message_id: int) -> None:
    """End the poll, unless it was removed or has ended."""
    message = Message.rows.select_related("conversation").filter(pk=message_id).first()
    if message:
        try:
            end_when_due(message)
        except (Gone, ValidationError):
            return  # removed meanwhile
