"""Renaming, archiving and removing a room, for its administrators; undoing its removal (`can_undo_removal`).

Groups and direct conversations have no administrators. Everything but renaming is written in the audit log.
A removed room is deleted for good after 30 days, by `accounts.erasure.erase_removed_rooms`.
"""

from contextlib import AbstractContextManager

from django.utils import timezone

from messaging.models.conversations.conversation import Conversation, Unchanged
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.names import clean_name, clean_topic, unique_name
from messaging.models.conversations.permissions import can_administer, can_undo_removal
from messaging.models.conversations.queryset import ConversationQuerySet
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification, read_all
from messaging.models.people.queryset import UserQuerySet
from messaging.models.people.user import User
from messaging.models.rooms import handover
from messaging.models.rooms.members import end_memberships
from messaging.models.site.audit_log import AuditEntry
from messaging.text.natural_order import natural_text


def rename(room: Conversation, name: str, topic: str, by: User) -> None:
    """Give the room another name and topic.

    Raises:
        ValidationError: as `ConversationQuerySet.create_room`.
        Refused: `by` may not.
    """
    name, topic = clean_name(name), clean_topic(topic)
    with unique_name(Conversation, name), _administering(room, by):
        keys = {"room_key": room.key_of(name), "name_order": natural_text(name)}
        _row(room).update(name=name, topic=topic, **keys)
    room.name, room.topic = name, topic


def archive(room: Conversation, by: User) -> None:
    """From now on the room can be read, not written to; it leaves the lists, and nothing in it is unread.
    Archiving it again changes nothing. Raises Refused: `by` may not."""
    with _administering(room, by):
        changed = _row(room).filter(archived_at=None).update(archived_at=timezone.now())
        room.refresh_from_db(fields=["archived_at"])
        if not changed:
            raise Unchanged
        _members(room).raise_version()
        read_all(Notification.objects.filter(conversation=room), Message.rows.all())
        AuditEntry.objects.record(by, AuditEntry.Act.ARCHIVED, conversation=room)


def unarchive(room: Conversation, by: User) -> None:
    """Open an archived room again; nothing happens to an open one. Raises Refused: `by` may not."""
    with _administering(room, by):
        changed = _row(room).exclude(archived_at=None).update(archived_at=None)
        room.archived_at = None
        if not changed:
            raise Unchanged
        _members(room).raise_version()
        AuditEntry.objects.record(by, AuditEntry.Act.UNARCHIVED, conversation=room)


def remove_room(room: Conversation, by: User) -> None:
    """Remove the room: from now on nobody is in it and nobody finds it. For 30 days that can be undone.

    Raises Refused: `by` may not.
    """
    with _administering(room, by):
        roles = [list(one) for one in room.memberships.order_by("pk").values_list("user_id", "role")]
        _row(room).update(removed_at=timezone.now(), removed_by=by, room_key=None, removed_members=roles)
        _members(room).raise_version()
        end_memberships(room.memberships.all())
        AuditEntry.objects.record(by, AuditEntry.Act.REMOVED_ROOM, conversation=room)


def undo_room_removal(room: Conversation, by: User) -> None:
    """Undo `remove_room`: everybody who was in it, and still has an account, is in it again.

    Raises:
        Refused: it is not removed any more, or `by` may not, see `can_undo_removal`.
        ValidationError: another room has taken its name.
    """
    conditions = {"can_undo": can_undo_removal(by)}
    with unique_name(Conversation, room.name), room.writing(conditions, members_version=NEXT_VERSION):
        roles = dict(_row(room).values_list("removed_members", flat=True).get() or [])
        key = room.key_of(room.name)
        _row(room).update(room_key=key, removed_at=None, removed_by=None, removed_members=None)
        people = list(User.objects.filter(pk__in=roles).order_by("pk").select_for_update(no_key=True))
        User.objects.filter(pk__in=[person.pk for person in people]).raise_version()
        Membership.objects.bulk_create(
            Membership(
                conversation=room,
                user=person,
                role=roles[person.pk],
                notification_level=person.default_notification_level,
            )
            for person in people
        )
        if Membership.Role.ADMIN in roles.values():
            handover.ensure_administrator(room, by)
        AuditEntry.objects.record(by, AuditEntry.Act.UNDID_ROOM_REMOVAL, conversation=room)


def _administering(room: Conversation, by: User) -> AbstractContextManager[int]:
    """`Conversation.writing` for the room's administrators."""
    return room.writing({"can_administer": can_administer(by)}, members_version=NEXT_VERSION)


def _row(room: Conversation) -> ConversationQuerySet:
    return Conversation.objects.filter(pk=room.pk)


def _members(room: Conversation) -> UserQuerySet:
    return User.objects.filter(pk__in=room.memberships.values("user"))
