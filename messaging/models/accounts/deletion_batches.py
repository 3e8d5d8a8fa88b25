"""One batch of a deletion: messages of one conversation, under its lock. Everybody who writes there has to
wait for it."""

from collections.abc import Callable
from functools import partial

from messaging.models.accounts.personal_data import amounts
from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind
from messaging.models.db.batches import CHUNK
from messaging.models.db.registry import PersonPart, parts_on_messages
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.models.people.user import User

MIN_BATCH, MAX_BATCH = 50, CHUNK
BATCH_SECONDS = 0.2  # so that others wait for less than half a second, on a slow disk and a busy database too
Amounts = dict[str, int]  # how many rows were deleted, by their plural name: {"mentions": 12}
# Deletes or changes messages of one conversation; the int is the conversation's new version.
Act = Callable[[MessageRows, int], Amounts]


def next_size(size: int, took: float) -> int:
    """How many messages the next batch takes, given the size of the last one and the seconds that it took.

    Proportional, but at most double and at least half of the last one.
    """
    wanted = round(size * min(max(BATCH_SECONDS / (took or BATCH_SECONDS), 0.5), 2))
    return min(max(wanted, MIN_BATCH), MAX_BATCH)


def written_among_others(user: User) -> MessageRows:
    """What the person wrote in rooms and groups."""
    written = Message.rows.filter(sender=user, removed_at=None)
    return written.exclude(conversation__kind=Kind.DIRECT)


def remove_messages_batch(user: User, at_most: int) -> Amounts | None:
    """Remove at most `at_most` of the person's messages in rooms and groups. None if none is left."""
    return _take(written_among_others(user), _remove, at_most)


def erase_account_batch(user: User, at_most: int) -> Amounts | None:
    """Erase what belongs to the person in at most `at_most` messages. None if only the account is left."""
    direct = Conversation.objects.filter(kind=Kind.DIRECT, memberships__user=user)
    rows = Message.rows.all()
    steps: list[tuple[MessageRows, Act]] = [
        (rows.filter(conversation__in=direct.values("pk")), _delete),
        (rows.filter(sender=user), _make_anonymous),
    ]
    for part in parts_on_messages():
        if part.erase:
            steps.append((part.among(rows, [user.pk]), partial(_erase, part, user)))
    batches = (_take(messages, act, at_most) for messages, act in steps)
    return next((batch for batch in batches if batch is not None), None)


def _take(messages: MessageRows, act: Act, at_most: int) -> Amounts | None:
    # Any one of the conversations will do. With an ORDER BY, PostgreSQL would read everybody's messages.
    found = list(messages.order_by().values_list("conversation", flat=True)[:1])
    if not found:
        return None
    there = messages.filter(conversation=found[0]).order_by("-seq")
    batch = Message.rows.filter(pk__in=list(there.values_list("pk", flat=True)[:at_most]))
    with Conversation.objects.filter(pk=found[0]).writing() as versions:
        batch.threads().lock()
        return act(batch, versions[found[0]]) if versions else {}


def _delete(batch: MessageRows, version: int) -> Amounts:
    gone = amounts(batch)
    batch.delete_in_batches(list(batch.order_by("-seq").values_list("pk", flat=True)))
    return gone


def _make_anonymous(batch: MessageRows, version: int) -> Amounts:
    gone = amounts(batch)
    batch.redact_and_sweep(version, anonymous=True)
    return gone


def _remove(batch: MessageRows, version: int) -> Amounts:
    batch = batch.filter(removed_at=None)
    gone = amounts(batch)
    batch.redact_and_sweep(version, anonymous=False)
    return gone


def _erase(part: PersonPart, user: User, batch: MessageRows, version: int) -> Amounts:
    gone = part.erase([user.pk], batch, version) if part.erase else 0
    return {part.name: gone} if part.name else {}
