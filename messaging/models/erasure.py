"""Erasure: removal and a sweep.

A message that goes leaves a tombstone, and a sweep drops the tombstones below which nobody's words are left.
That is all; deleting a person is the same two verbs, applied to everything of theirs.
"""

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from messaging.models.conversations import NEXT_VERSION, Conversation, ConversationQuerySet
from messaging.models.installation import Installation
from messaging.models.memberships import Membership
from messaging.models.mentions import Mention
from messaging.models.message_queries import CHUNK, MessageRows
from messaging.models.messages import Message
from messaging.models.users import User
from messaging.text import unlink_mentions


class MoreToLock(Exception):
    """The person entered another conversation before their row was locked."""


def erase_messages(which: Q) -> int:
    """Remove these messages, and sweep their threads. Open pages of their conversations start anew.

    Returns:
        How many messages were removed.
    """
    messages = Message.rows.filter(which)
    conversations = Conversation.objects.filter(pk__in=messages.values("conversation"))
    with conversations.writing(reset_version=NEXT_VERSION) as versions:
        return sum(_bury_and_sweep(messages, pk, version) for pk, version in versions.items())


def erase_user(user: User) -> None:
    """Delete a person and everything of theirs, in one transaction.

    Direct conversations go whole. In rooms and groups their messages become anonymous tombstones, which are
    swept where nobody answered; other people's words stay, letter for letter.

    Raises:
        User.DoesNotExist: they were erased already.
    """
    while True:
        try:
            with transaction.atomic():
                return _erase(user)
        except MoreToLock:
            continue


def _erase(user: User) -> None:
    everywhere = _conversations_of(user)
    with everywhere.writing(reset_version=NEXT_VERSION, members_version=NEXT_VERSION) as versions:
        # From here on nobody can seat them anywhere, or write to them.
        User.objects.select_for_update().get(pk=user.pk)
        if everywhere.exclude(pk__in=versions).exists():
            raise MoreToLock
        direct = Conversation.objects.filter(pk__in=list(versions), kind=Conversation.Kind.DIRECT)
        for pk in list(direct.values_list("pk", flat=True)):
            del versions[pk]
            _delete_newest_first(Message.rows.filter(conversation=pk))
        direct.delete()
        for pk, version in versions.items():
            _bury_and_sweep(Message.rows.filter(sender=user), pk, version)
        _unlink(user)
        Membership.objects.filter(user=user).end()
        models.Model.delete(user)
        Installation.objects.people_changed()


def _conversations_of(user: User) -> ConversationQuerySet:
    """Where they are, where they wrote, and where they are mentioned."""
    return Conversation.objects.filter(
        Q(pk__in=Membership.objects.filter(user=user).values("conversation"))
        | Q(pk__in=Message.rows.filter(sender=user).values("conversation"))
        | Q(pk__in=Mention.objects.filter(user=user).values("message__conversation"))
    )


def _bury_and_sweep(messages: MessageRows, conversation_id: int, version: int) -> int:
    """Under the lock: make tombstones of those of the messages that are in the conversation, and sweep."""
    messages = messages.filter(conversation_id=conversation_id)
    heads = list(messages.values_list("pk", Coalesce("thread_root_id", "pk")))
    if heads:
        messages.bury(version, anonymous=True)
        _sweep(sorted({root for _, root in heads}))
    return len(heads)


def _sweep(roots: list[int]) -> None:
    """Drop the tombstones of these threads below which nobody's words are left.

    Looking at direct answers only would lose the root of ada → ada → ben. An answer is always younger than
    what it answers, so one walk from the newest to the oldest sees everything below a message before it.
    """
    for start in range(0, len(roots), CHUNK):
        chunk = roots[start : start + CHUNK]
        thread = Message.rows.filter(Q(pk__in=chunk) | Q(thread_root_id__in=chunk)).order_by("-seq")
        carries_words: set[int | None] = set()
        empty = []
        for pk, parent_id, removed_at in thread.values_list("pk", "parent_message_id", "removed_at"):
            if removed_at is None or pk in carries_words:
                carries_words.add(parent_id)
            else:
                empty.append(pk)
        _delete_newest_first(Message.rows.filter(pk__in=empty))


def _delete_newest_first(messages: MessageRows) -> None:
    """Delete rows in pieces, answers before what they answer: deleting a parent is restricted."""
    ids = list(messages.order_by("-seq").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        Message.rows.filter(pk__in=ids[start : start + CHUNK]).delete()


def _unlink(user: User) -> None:
    """Take the highlight of their mentions out of other people's messages. The text stays as typed."""
    mentioning = Message.rows.filter(mentions__user=user).select_related("conversation")
    for message in mentioning.iterator(CHUNK):
        Message.rows.filter(pk=message.pk).update(
            content_html=unlink_mentions(message.content_html, user.username),
            version=message.conversation.version,
        )
