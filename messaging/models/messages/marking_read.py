"""Marking messages as read and unread: `Message.unread_messages`.

Reading changes nothing that others see: the conversation's version stays, the reader's own goes up.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from messaging.models.db.batches import in_chunks
from messaging.models.messages.notification import Notification, NotificationQuerySet
from messaging.models.messages.queryset import MessageQuerySet
from messaging.models.people.user import User


class UnreadQuerySet(MessageQuerySet):
    """The queries of `Message.unread_messages`, and its read marks (`Notification.read_at`)."""

    def unread_only(self) -> "UnreadQuerySet":
        """Messages that at least one recipient has not read. The manager already filters this.

        Part of the public Python interface; Parley itself uses `for_user`."""
        return self.filter(read=False)

    def for_user(self, user: User) -> "UnreadQuerySet":
        """What this person has not read, oldest first: one query, with the sender, without the HTML."""
        waiting = Notification.objects.filter(user=user, read_at=None).values("message")
        return (
            self.filter(pk__in=waiting)
            .select_related("sender", "conversation")
            .only(
                "content",
                "timestamp",
                "edited",
                "read",
                "removed_at",
                "seq",
                "parent_message_id",
                "receiver_id",
                "sender__username",
                "sender__display_name",
                "sender__avatar",
                "conversation__kind",
                "conversation__name",
            )
            .order_by("conversation_id", "seq")
        )

    def count_for_user(self, user: User) -> int:
        """How many messages the person has not read. Part of the public Python interface."""
        return Notification.objects.filter(user=user, read_at=None).count()

    def mark_as_read_for_user(self, user: User, message_ids: Iterable[int] | None = None) -> int:
        """Mark these messages as read for the person; all of theirs if `message_ids` is None.

        Args:
            message_ids: ids of messages; those that were not for this person, or are read, are passed over.

        Returns:
            How many changed.
        """
        unread = Notification.objects.filter(user=user, read_at=None)
        return self.set_read_at(user, unread.among(_listed(message_ids)), timezone.now())

    def mark_as_unread_for_user(self, user: User, message_ids: Iterable[int]) -> int:
        """Mark these messages as unread for the person again.

        Args:
            message_ids: ids of messages; those that were not for this person, or are unread, are passed over.

        Returns:
            How many changed.
        """
        read = Notification.objects.filter(user=user, read_at__isnull=False)
        return self.set_read_at(user, read.among(_listed(message_ids)), None)

    def set_read_at(self, user: User, rows: NotificationQuerySet, read_at: datetime | None) -> int:
        """Write when the person read these; the messages' own flags follow in the same transaction.

        Args:
            rows: notifications of the person, all of them unread or all of them read.
            read_at: None if they are unread again.

        Returns:
            How many changed.
        """
        changed = 0
        messages = self.model.rows.all()
        wanted = rows.values("message")
        with transaction.atomic():
            # The person before the messages: the order in which an erasure locks them.
            User.objects.filter(pk=user.pk).raise_version()
            ids = messages.filter(pk__in=wanted).lock()
            if not ids:
                transaction.set_rollback(True)
            for chunk in in_chunks(ids):
                changed += rows.filter(message_id__in=chunk).update(read_at=read_at)
                messages.refresh_read_flags(chunk)
        return changed


def _listed(message_ids: Iterable[int] | None) -> list[int] | None:
    return None if message_ids is None else list(message_ids)


class UnreadMessages(models.Manager.from_queryset(UnreadQuerySet)):  # type: ignore[misc]
    """Messages that at least one recipient has not read."""

    def get_queryset(self) -> UnreadQuerySet:
        return super().get_queryset().filter(read=False)
