"""The QuerySets of `Message`: what may be asked of it, and what may not be done to it in bulk."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from messaging.models.messages.edit_history import MessageHistory
from messaging.models.messages.mentions import Mention
from messaging.models.messages.notification import Notification
from messaging.models.people.user import User

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

CHUNK = 450  # ids in one statement, which may name them twice: SQLite before 3.32 takes 999 variables


class MessageRows(models.QuerySet["Message"]):
    """Everything that the verbs need, unguarded. For `messaging.models` alone."""

    def sent_before(self, message: "Message") -> "Message":
        """The message that this one's `client_id` made.

        Raises:
            Message.ClientIdTaken: it was another text, or went somewhere else.
        """
        earlier = self.get(sender_id=message.sender_id, client_id=message.client_id)
        same_place = (earlier.conversation_id, earlier.parent_message_id) == (
            message.conversation_id,
            message.parent_message_id,
        )
        if not same_place or not (earlier.is_removed or earlier.first_text() == message.content):
            raise type(message).ClientIdTaken(earlier)
        return earlier

    def bury(self, version: int, anonymous: bool = False, by: User | None = None, reason: str = "") -> None:
        """Make tombstones of these messages: everything goes but their place.

        To be called under the conversation's lock, which `version` was taken with. `by` and `reason` are a
        moderator's.
        """
        roots = self.order_by().filter(thread_root__isnull=False).values("thread_root")
        # A union, and no "or" of two: for that PostgreSQL reads the whole table.
        self.model.rows.filter(pk__in=self.order_by().values("pk").union(roots)).lock()
        for model in (Notification, MessageHistory, Mention):
            model.objects.filter(message__in=self.values("pk")).delete()
        self.model.rows.filter(pk__in=roots).update(version=version)
        nobody = {"sender": None} if anonymous else {}
        self.update(
            content="",
            content_html="",
            edited=False,
            edited_at=None,
            read=True,
            removed_at=timezone.now(),
            removed_by=by,
            removal_reason=reason,
            version=version,
            **nobody,
        )

    def tell(self, message: "Message", root: int | None) -> None:
        """Store a message's read mark and, where it is a new reply, its version in its root: one UPDATE."""
        mark = Case(When(pk=message.pk, then=Value(message.read)), default=F("read"))
        self.filter(pk__in=[message.pk, root or message.pk]).update(read=mark, version=message.version)

    def settle_read(self, ids: Iterable[int]) -> None:
        """Set `read` anew for these messages: true exactly when nobody's unread row is left.

        Only the rows that change are written: of a hundred readers just the last one changes them.
        """
        waiting = Exists(Notification.objects.filter(message=OuterRef("pk"), read_at=None))
        ids = sorted(ids)
        for start in range(0, len(ids), CHUNK):
            self.filter(read=waiting, pk__in=ids[start : start + CHUNK]).update(read=~waiting)

    def lock(self) -> list[int]:
        """Lock these rows in the order of their ids, and before their notifications.

        So two who read at once see each other, and who reads and who removes wait for each other in turn.

        Returns:
            The ids.
        """
        return list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))

    def threads(self) -> "MessageRows":
        """Everything in the threads that these messages are in."""
        heads = self.order_by().values(head=Coalesce("thread_root_id", "pk"))
        replies = self.model.rows.filter(thread_root__in=heads).values("pk")
        return self.model.rows.filter(pk__in=heads.union(replies))  # as in `bury`: no "or"


class MessageQuerySet(MessageRows):
    """The public QuerySet: it refuses what would go round the one door, `Message.save()`."""

    def visible_to(self, user: User) -> "MessageQuerySet":
        return self.filter(conversation__memberships__user=user)

    def update(self, **fields: Any) -> int:
        """Raises TypeError: versions, histories and notifications are written by `save()` alone."""
        raise TypeError("Messages change through save(), edit() and remove(), not through update().")

    def bulk_create(self, *args: Any, **options: Any) -> list["Message"]:
        raise TypeError("Messages are made by save(), create() or Conversation.post(), not in bulk.")

    def bulk_update(self, *args: Any, **options: Any) -> int:
        raise TypeError("Messages change through save(), edit() and remove(), not in bulk.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Remove and sweep: a message that carries other people's answers leaves an anonymous tombstone."""
        from messaging.models.accounts.erasure import erase_messages

        gone = erase_messages(Q(pk__in=self.order_by().values("pk")))
        return gone, {self.model._meta.label: gone}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
