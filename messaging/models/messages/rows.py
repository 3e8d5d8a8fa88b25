"""Queries and bulk changes of messages for the functions that change data."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.batches import in_chunks
from messaging.models.db.registry import message_parts
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.notification import Notification
from messaging.models.messages.sent_text import fingerprint
from messaging.models.people.user import User

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


class MessageRows(models.QuerySet["Message"]):
    """Without the guards of `MessageQuerySet`: views must not write with it."""

    def sent_before(
        self,
        conversation: Conversation,
        sender: User,
        text: str,
        parent: "Message | None",
        client_id: UUID | None,
    ) -> "Message | None":
        """The message that this person already sent with this `client_id`, as it is now.

        Whether it may still be sent does not matter: it was. Once the text as it was sent has been removed,
        the `client_id` alone decides. A message that the person cannot read any more is not found, so that
        sending it again tells nothing about a conversation that they are no longer in.

        Raises:
            ClientIdTaken: it had another text, or went somewhere else.
        """
        if client_id is None:
            return None
        mine = self.filter(sender=sender, sender__is_active=True, client_id=client_id)
        earlier = mine.filter(conversation__memberships__user=sender).first()
        if earlier is None or not earlier.sent_hmac:
            return earlier
        place = (earlier.conversation_id, earlier.parent_message_id)
        is_same_text = constant_time_compare(earlier.sent_hmac, fingerprint(client_id, text))
        if place != (conversation.pk, parent.pk if parent else None) or not is_same_text:
            raise ClientIdTaken
        return earlier

    def redact(
        self,
        version: int,
        anonymous: bool = False,
        by: User | None = None,
        reason: str = "",
        is_expired: bool = False,
    ) -> None:
        """Make tombstones of these messages: everything but their place is deleted.

        Call it while the conversation is locked; `version` was taken with that lock. `by` and `reason` are a
        moderator's. `is_expired`: the rule of retention does it.
        """
        self.with_roots().lock()
        for part in message_parts:
            part.rows(self).delete()
        roots = self.order_by().filter(thread_root__isnull=False).values("thread_root")
        self.model.rows.filter(pk__in=roots).update(version=version)
        nobody = {"sender": None} if anonymous else {}
        self.update(
            content="",
            content_html="",
            sent_hmac="",
            edited=False,
            edited_at=None,
            file_count=0,
            has_poll=False,
            has_link_previews=False,
            is_ticked_by_all=False,
            read=True,
            removed_at=timezone.now(),
            removed_by=by,
            removal_reason=reason,
            is_expired=is_expired,
            pinned_at=None,
            pinned_by=None,
            version=version,
            **nobody,
        )

    def store_read(self, message: "Message", root: int | None) -> None:
        """Store a message's read flag and, where it is a new reply, its version in its root: one UPDATE."""
        flag = Case(When(pk=message.pk, then=Value(message.read)), default=F("read"))
        self.filter(pk__in=[message.pk, root or message.pk]).update(read=flag, version=message.version)

    def refresh_read_flags(self, ids: Iterable[int]) -> None:
        """Compute `read` of these messages again: true if no unread notification is left.

        Only the rows that change are written: of a hundred readers only the last one changes them.
        """
        waiting = Exists(Notification.objects.filter(message=OuterRef("pk"), read_at=None))
        for chunk in in_chunks(sorted(ids)):
            self.filter(read=waiting, pk__in=chunk).update(read=~waiting)

    def lock(self) -> list[int]:
        """Lock these rows in the order of their ids, and before their notifications.

        Two people who read at once then see each other's marks, and reading and removing wait for each other.

        Returns:
            The ids.
        """
        return list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))

    def with_roots(self) -> "MessageRows":
        """These messages, and those that their threads begin with."""
        roots = self.order_by().filter(thread_root__isnull=False).values("thread_root")
        # A UNION: for an OR of two subqueries PostgreSQL reads the whole table.
        return self.model.rows.filter(pk__in=self.order_by().values("pk").union(roots))

    def threads(self) -> "MessageRows":
        """Everything in the threads that these messages are in."""
        heads = self.order_by().values(head=Coalesce("thread_root_id", "pk"))
        replies = self.model.rows.filter(thread_root__in=heads).values("pk")
        return self.model.rows.filter(pk__in=heads.union(replies))  # a UNION, as in `with_roots`

    def redact_and_sweep(self, version: int, anonymous: bool = True) -> int:
        """Under the lock of the one conversation that they are in: make tombstones of these messages, and
        delete the tombstones without an unremoved reply below them.

        Returns:
            How many messages were made tombstones.
        """
        heads = list(self.values_list("pk", Coalesce("thread_root_id", "pk")))
        if heads:
            self.redact(version, anonymous=anonymous)
            self.sweep(sorted({root for _, root in heads}))
        return len(heads)

    def delete_in_batches(self, ids: list[int]) -> None:
        """Delete these rows for good. `ids` must be newest first: a row with a reply cannot be deleted."""
        for chunk in in_chunks(ids):
            self.model.rows.filter(pk__in=chunk).delete()

    def delete_unanswered(self) -> None:
        """Delete those of these tombstones that have nothing below them, or only others of these. Of their
        threads, it reads only the replies to them."""
        tombstones = list(self.order_by("-seq").values_list("pk", "parent_message_id"))
        ids = [pk for pk, _ in tombstones]
        others = self.model.rows.filter(parent_message__in=ids).exclude(pk__in=ids).order_by()
        needed = set(others.values_list("parent_message_id", flat=True).distinct())
        empty = []
        for pk, parent_id in tombstones:
            if pk in needed:
                needed.add(parent_id)
            else:
                empty.append(pk)
        self.delete_in_batches(empty)

    def sweep(
        self, roots: list[int], sent_before: datetime | None = None, at_most: int | None = None
    ) -> None:
        """Delete the tombstones of these threads without an unremoved reply below them; if `sent_before` is
        given, only those of messages that were sent before that time, and without a younger tombstone below.

        Args:
            at_most: how many, of each 450 threads. The newest are deleted first, so another call can go on.

        Looking at direct replies only would be wrong: in ada → ada → ben, only a tombstone replies to the
        root, but ben's message is below it. A reply is always younger than its parent, so one walk from the
        newest to the oldest sees everything below a message first.
        """
        for chunk in in_chunks(roots):
            thread = self.model.rows.filter(Q(pk__in=chunk) | Q(thread_root_id__in=chunk)).order_by("-seq")
            needed: set[int | None] = set()
            empty = []
            columns = ("pk", "parent_message_id", "removed_at", "timestamp")
            for pk, parent_id, removed_at, sent_at in thread.values_list(*columns):
                is_young = sent_before is not None and sent_at >= sent_before
                if removed_at is None or is_young or pk in needed:
                    needed.add(parent_id)
                else:
                    empty.append(pk)
            self.delete_in_batches(empty[:at_most])
