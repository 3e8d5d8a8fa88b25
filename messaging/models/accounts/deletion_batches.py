"""What goes of a person, a piece at a time: messages of one conversation, under its lock, for which whoever
writes there waits."""

from collections.abc import Callable, Iterator
from functools import partial

from messaging.models.accounts.erasure import bury_and_sweep, delete, unlink
from messaging.models.accounts.personal_data import what_hangs_on
from messaging.models.conversations.conversation import Conversation
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.queryset import CHUNK, MessageRows
from messaging.models.people.user import User

FEWEST, MOST = 50, CHUNK
PIECE_SECONDS = 0.2  # others shall wait for less than half a second, on a slow disk and a loaded database too
Amounts = dict[str, int]  # how much went, by its name in the plural
Taking = Callable[[MessageRows, int, int], Amounts]  # from messages, of a conversation, at a version


def next_size(size: int, took: float) -> int:
    """How many messages the next piece should take, after one of this size took so many seconds: in
    proportion, at most twice as many or half."""
    wanted = round(size * min(max(PIECE_SECONDS / (took or PIECE_SECONDS), 0.5), 2))
    return min(max(wanted, FEWEST), MOST)


def written_among_others(user: User) -> MessageRows:
    """What the person wrote where more than two are."""
    written = Message.rows.filter(sender=user, removed_at=None)
    return written.exclude(conversation__kind=Conversation.Kind.DIRECT)


def take_from_words(user: User, at_most: int) -> Amounts | None:
    """Remove so many messages that the person wrote in rooms and groups; None where nothing is left."""
    return _take(written_among_others(user), _remove, at_most)


def take_from_account(user: User, at_most: int) -> Amounts | None:
    """Erase what so many messages have of the person; None where nothing is left but the account itself."""
    direct = Conversation.objects.filter(kind=Conversation.Kind.DIRECT, memberships__user=user)
    rows = Message.rows
    steps: Iterator[tuple[MessageRows, Taking]] = iter(
        [
            (rows.filter(conversation__in=direct.values("pk")), _delete),
            (rows.filter(sender=user), _make_anonymous),
            (rows.filter(removed_by=user), _forget_reasons),
            (rows.filter(mentions__user=user), partial(_unlink, user)),
            (rows.filter(notifications__user=user), partial(_forget, user)),
        ]
    )
    pieces = (_take(messages, take, at_most) for messages, take in steps)
    return next((piece for piece in pieces if piece is not None), None)


def _take(messages: MessageRows, take: Taking, at_most: int) -> Amounts | None:
    # Any of their conversations. In an order PostgreSQL would go through all messages of everybody.
    found = list(messages.order_by().values_list("conversation", flat=True)[:1])
    if not found:
        return None
    there = messages.filter(conversation=found[0]).order_by("-seq")
    piece = Message.rows.filter(pk__in=list(there.values_list("pk", flat=True)[:at_most]))
    with Conversation.objects.filter(pk=found[0]).writing() as versions:
        piece.threads().lock()
        return take(piece, found[0], versions[found[0]]) if versions else {}


def _delete(piece: MessageRows, conversation_id: int, version: int) -> Amounts:
    gone = what_hangs_on(piece)
    delete(list(piece.order_by("-seq").values_list("pk", flat=True)))
    return gone


def _make_anonymous(piece: MessageRows, conversation_id: int, version: int) -> Amounts:
    gone = what_hangs_on(piece)
    bury_and_sweep(piece, version, anonymous=True)
    return gone


def _remove(piece: MessageRows, conversation_id: int, version: int) -> Amounts:
    piece = piece.filter(removed_at=None)
    gone = what_hangs_on(piece)
    bury_and_sweep(piece, version, anonymous=False)
    return gone


def _forget_reasons(piece: MessageRows, conversation_id: int, version: int) -> Amounts:
    piece.update(removed_by=None, removal_reason="", version=version)
    return {}


def _unlink(user: User, piece: MessageRows, conversation_id: int, version: int) -> Amounts:
    unlink(user, piece)
    gone, _ = Mention.objects.filter(user=user, message__in=piece.values("pk")).delete()
    return {"mentions": gone}


def _forget(user: User, piece: MessageRows, conversation_id: int, version: int) -> Amounts:
    rows = Notification.objects.filter(user=user, message__in=piece.values("pk"))
    gone = rows.count()
    rows.forget()
    return {"notifications": gone}
