"""Deleting people in one transaction, and rooms with everything in them.

`User.delete()` does this directly. A person who deletes their own account is deleted in batches first
(`deletion.py`), and `erase_people` is the last step of that.

A message that is removed leaves a tombstone. A sweep deletes the tombstones without an unremoved reply below
them. Deleting a person does both to all their messages; what else refers to them is in `db.registry`.
"""

from collections.abc import Collection, Iterable

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.queryset import ConversationQuerySet
from messaging.models.db.batches import CHUNK
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.db.registry import parts_on_messages, person_parts
from messaging.models.db.tasks import task
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.models.people.user import User
from messaging.models.rooms.handover import hand_over_all
from messaging.models.site.installation import Installation


class MoreToLock(Exception):
    """The person entered another conversation before their row was locked."""


def erase_conversations(conversations: ConversationQuerySet) -> int:
    """Delete conversations with all their messages, in batches, so that others can write meanwhile.

    After an interruption the next call deletes what is left.

    Returns:
        How many conversations there were.
    """
    ids = list(conversations.values_list("pk", flat=True))
    for pk in ids:
        conversation = Conversation.objects.filter(pk=pk)
        newest = Message.rows.filter(conversation=pk).order_by("-seq").values_list("pk", flat=True)
        while batch := list(newest[:CHUNK]):
            with conversation.writing():
                Message.rows.all().delete_in_batches(batch)
        conversation.delete()
    return len(ids)


@task()
def erase_removed_rooms() -> None:
    """Periodic: delete rooms for good whose removal cannot be undone any more."""
    erase_conversations(Conversation.objects.past_undo())


def erase_people(ids: Iterable[int], also: Collection[int] = ()) -> int:
    """Delete people and everything of theirs, in one transaction.

    Their direct conversations are deleted completely, and so are the groups and private rooms that only they
    used (`only_of`). In other rooms and groups their messages become anonymous tombstones, and those without
    an unremoved reply below them are deleted too. Other people's messages stay unchanged.

    Args:
        also: ids of further conversations, from which these people's data was deleted before. Open pages of
            those load again too.

    Returns:
        How many people were deleted.
    """
    ids = list(ids)
    while True:
        try:
            with transaction.atomic():
                return _erase(ids, also)
        except MoreToLock:
            continue


def conversations_with(people: Collection[int]) -> ConversationQuerySet:
    """The conversations with something that belongs or refers to these people, as `db.registry` declares."""
    there = Q()
    for part in person_parts:
        if part.conversation:
            there |= Q(pk__in=part.conversations(people))
    return Conversation.objects.filter(there)


def only_of(people: Collection[int], conversations: ConversationQuerySet) -> ConversationQuerySet:
    """Groups and private rooms that only these people, given by their ids, used.

    Nobody else is a member, was one when the room was removed, or has a message in it.
    """
    others = Membership.objects.filter(conversation=OuterRef("pk")).exclude(user__in=people)
    words = Message.rows.filter(conversation=OuterRef("pk"), removed_at=None).exclude(sender__in=people)
    private = conversations.filter(is_private=True).exclude(kind=Kind.DIRECT)
    alone = private.filter(~Exists(others), ~Exists(words))
    removed = alone.exclude(removed_at=None).values_list("pk", "removed_members")
    had_others = [pk for pk, roles in removed if {person for person, _ in roles or []} - set(people)]
    return alone.exclude(pk__in=had_others)


def _erase(ids: list[int], also: Collection[int]) -> int:
    everywhere = Conversation.objects.filter(Q(pk__in=conversations_with(ids)) | Q(pk__in=also))
    with everywhere.writing(reset_version=NEXT_VERSION, members_version=NEXT_VERSION) as versions:
        # From here on nobody can add them anywhere, or write to them.
        people = list(User.objects.filter(pk__in=ids).order_by("pk").select_for_update())
        if everywhere.exclude(pk__in=versions).exists():
            raise MoreToLock
        concerned = Conversation.objects.filter(pk__in=list(versions))
        goes = concerned.filter(Q(kind=Kind.DIRECT) | Q(pk__in=only_of(ids, concerned).values("pk")))
        _messages_touched(ids, goes).lock()
        for conversation in list(goes):
            del versions[conversation.pk]
            messages = Message.rows.filter(conversation=conversation).order_by("-seq")
            messages.delete_in_batches(list(messages.values_list("pk", flat=True)))
            conversation.delete()
        for pk, version in versions.items():
            Message.rows.filter(sender__in=ids, conversation=pk).redact_and_sweep(version)
        hand_over_all(ids, by=None)
        for part in parts_on_messages():
            if part.erase:
                part.erase(ids, Message.rows.all(), None)
        for person in people:
            models.Model.delete(person)
        Installation.objects.raise_people_version()
    return len(people)


def _messages_touched(ids: list[int], goes: ConversationQuerySet) -> MessageRows:
    """All messages that may be changed or deleted: those that these people wrote, everything in the same
    threads, and the messages that their other rows (mentions, notifications, …) belong to.

    One set, so that one query locks all of it in the order of ids. Locking part by part would break the order
    that other transactions follow.
    """
    rows = Message.rows
    sets = [
        rows.filter(conversation__in=goes.values("pk")).values("pk"),
        rows.filter(sender__in=ids).threads().values("pk"),
        *(part.messages(ids) for part in parts_on_messages()),
    ]
    return rows.filter(pk__in=sets[0].order_by().union(*sets[1:]))
