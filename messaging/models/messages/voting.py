"""Voting in a poll, and ending it. Voting and taking a vote back are two verbs, as with reactions."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.permissions import Condition, can_moderate
from messaging.models.db.refusals import get_or_gone
from messaging.models.messages.changing import change_stored, may_write
from messaging.models.messages.message import Message
from messaging.models.messages.polls import Poll, PollChoice, PollVote
from messaging.models.people.user import User


def vote(message: Message, user: User, choice: int) -> Message:
    """Vote for a choice. If only one can be chosen, the person's other vote is taken back.

    Args:
        choice: its id.

    Returns:
        The message as it is now.

    Raises:
        ValidationError: there is no such choice; the poll has ended; the message was removed; the room is
            archived; or the person is no member.
        Gone: the message or the conversation was deleted.
    """

    def write(stored: Message, poll: Poll) -> bool:
        _check_choice(stored, poll, choice)
        mine = PollVote.objects.filter(message=stored, user=user)
        if mine.filter(choice=choice).exists():
            return False
        if not poll.has_several:
            mine.delete()
        PollVote.objects.create(message=stored, user=user, choice_id=choice)
        return True

    return _change(message, may_write(user), write)


def unvote(message: Message, user: User, choice: int) -> Message:
    """Take the vote for a choice back. If there is none, nothing changes.

    Returns and raises what `vote` does.
    """

    def write(stored: Message, poll: Poll) -> bool:
        _check_choice(stored, poll, choice)
        return PollVote.objects.filter(message=stored, user=user, choice=choice).delete()[0] > 0

    return _change(message, may_write(user), write)


def end_poll(message: Message, by: User) -> Message:
    """End a poll now. If it has ended, nothing changes.

    Args:
        by: its author, or a moderator.

    Raises:
        ValidationError: `by` is neither; or as `vote`.
    """
    conditions = may_write(by)
    if by.pk != message.sender_id:
        conditions["moderator"] = can_moderate(by)
    return _change(message, conditions, lambda stored, poll: _close(poll))


def end_when_due(message: Message) -> Message:
    """End a poll whose time has come, in an archived room too. Raises Gone, or ValidationError if the message
    was removed."""
    return _change(message, {}, lambda stored, poll: not poll.is_open and _close(poll))


def _close(poll: Poll) -> bool:
    if poll.closed_at is not None:
        return False
    poll.closed_at = timezone.now()
    poll.save(update_fields=["closed_at"])
    return True


def _check_choice(message: Message, poll: Poll, choice: int) -> None:
    if not poll.is_open:
        raise ValidationError(_("This poll has ended: the votes stay as they are."), code="ended")
    if not PollChoice.objects.filter(message=message, pk=choice).exists():
        raise ValidationError(_("This poll has no such choice."), code="choice")


def _change(
    message: Message, conditions: dict[str, Condition], write: Callable[[Message, Poll], bool]
) -> Message:
    """`change_stored`, with the poll as it is stored too."""

    def write_both(stored: Message) -> bool:
        return write(stored, get_or_gone(Poll.objects.all(), pk=stored.pk))

    return change_stored(message, conditions, write_both)
