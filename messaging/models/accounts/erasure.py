"""Erasure: removal and a sweep.

A message that goes leaves a tombstone, and a sweep drops the tombstones below which nobody's words are left.
That is all; deleting a person is the same two verbs, applied to everything of theirs.
"""

from collections.abc import Collection, Iterable

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.queryset import ConversationQuerySet
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.queryset import CHUNK, MessageRows
from messaging.models.people.user import User
from messaging.models.rooms.handover import hand_rooms_over
from messaging.models.site.installation import Installation
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
        messages.threads().lock()
        there = ((messages.filter(conversation=pk), version) for pk, version in versions.items())
        return sum(bury_and_sweep(of_one, version) for of_one, version in there)


def erase_rooms(rooms: ConversationQuerySet) -> int:
    """Delete rooms with every word in them, a piece at a time: others write meanwhile, and who is interrupted
    goes on the next time. Returns how many rooms there were."""
    ids = list(rooms.values_list("pk", flat=True))
    for pk in ids:
        room = Conversation.objects.filter(pk=pk)
        newest = Message.rows.filter(conversation=pk).order_by("-seq").values_list("pk", flat=True)
        while piece := list(newest[:CHUNK]):
            with room.writing():
                delete(piece)
        room.delete()
    return len(ids)


def erase_people(ids: Iterable[int], also: Collection[int] = ()) -> int:
    """Delete people and everything of theirs, in one transaction.

    Direct conversations go whole, and what they were alone in (`of_nobody_but`). In other rooms and groups
    their messages become anonymous tombstones, which are swept where nobody answered; other people's words
    stay, letter for letter.

    Args:
        also: ids of conversations that nothing of theirs is in any more; open pages of these start anew too.

    Returns:
        How many of them there were to delete.
    """
    ids = list(ids)
    while True:
        try:
            with transaction.atomic():
                return _erase(ids, also)
        except MoreToLock:
            continue


def _erase(ids: list[int], also: Collection[int]) -> int:
    everywhere = Conversation.objects.filter(Q(pk__in=where_something_is_of(ids)) | Q(pk__in=also))
    with everywhere.writing(reset_version=NEXT_VERSION, members_version=NEXT_VERSION) as versions:
        # From here on nobody can seat them anywhere, or write to them.
        people = list(User.objects.filter(pk__in=ids).order_by("pk").select_for_update())
        if everywhere.exclude(pk__in=versions).exists():
            raise MoreToLock
        concerned = Conversation.objects.filter(pk__in=list(versions))
        alone = concerned.of_nobody_but(ids).values("pk")
        goes = concerned.filter(Q(kind=Conversation.Kind.DIRECT) | Q(pk__in=alone))
        _messages_touched(ids, goes).lock()
        for conversation in list(goes):
            del versions[conversation.pk]
            messages = Message.rows.filter(conversation=conversation).order_by("-seq")
            delete(list(messages.values_list("pk", flat=True)))
            conversation.delete()
        for pk, version in versions.items():
            bury_and_sweep(Message.rows.filter(sender__in=ids, conversation=pk), version)
        for person in people:
            unlink(person, Message.rows.all())
        Message.rows.filter(removed_by__in=ids).update(removal_reason="")
        hand_rooms_over(ids, by=None)
        Membership.objects.filter(user__in=ids).end()
        for person in people:
            models.Model.delete(person)
        Installation.objects.people_changed()
    return len(people)


def where_something_is_of(ids: Collection[int]) -> ConversationQuerySet:
    """Where they are, where they wrote, where they are mentioned, and what they made."""
    return Conversation.objects.filter(
        Q(pk__in=Membership.objects.filter(user__in=ids).values("conversation"))
        | Q(pk__in=Message.rows.filter(sender__in=ids).values("conversation"))
        | Q(pk__in=Mention.objects.filter(user__in=ids).values("message__conversation"))
        | Q(pk__in=Message.rows.filter(removed_by__in=ids).values("conversation"))
        | Q(created_by__in=ids)
    )


def _messages_touched(ids: list[int], goes: ConversationQuerySet) -> MessageRows:
    """All that may be changed or deleted: what they wrote, with its threads; what waits for or names them.

    One set, since it is locked in one go: piece by piece there would be no order that readers keep to.
    """
    rows = Message.rows
    pieces = [
        rows.filter(conversation__in=goes.values("pk")).values("pk"),
        rows.filter(sender__in=ids).threads().values("pk"),
        Notification.objects.filter(user__in=ids, read_at=None).values("message"),
        Mention.objects.filter(user__in=ids).values("message"),
        rows.filter(removed_by__in=ids).values("pk"),
    ]
    return rows.filter(pk__in=pieces[0].order_by().union(*pieces[1:]))


def bury_and_sweep(messages: MessageRows, version: int, anonymous: bool = True) -> int:
    """Under the lock of the one conversation that they are of: make tombstones of these messages, and sweep.
    Returns how many they were."""
    heads = list(messages.values_list("pk", Coalesce("thread_root_id", "pk")))
    if heads:
        messages.bury(version, anonymous=anonymous)
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
        delete(empty)


def delete(ids: list[int]) -> None:
    """Delete rows in pieces. Newest first: deleting what has an answer is restricted."""
    for start in range(0, len(ids), CHUNK):
        Message.rows.filter(pk__in=ids[start : start + CHUNK]).delete()


def unlink(user: User, messages: MessageRows) -> None:
    """Take the highlight of their mentions out of these messages. The text stays as typed."""
    mentioning = messages.filter(mentions__user=user).select_related("conversation")
    for message in mentioning.iterator(CHUNK):
        Message.rows.filter(pk=message.pk).update(
            content_html=unlink_mentions(message.content_html, user.username),
            version=message.conversation.version,
        )
