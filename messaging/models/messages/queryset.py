from typing import TYPE_CHECKING

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.messages.rows import MessageRows
from messaging.models.people.consequences import SHOWN
from messaging.models.people.user import User

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


_UNSEEN = [
    f"sender__{field.name}" for field in User._meta.concrete_fields if field.name not in ("id", *SHOWN)
]


class MessageQuerySet(MessageRows):
    """The public QuerySet: it refuses what would go around `saving`."""

    def visible_to(self, user: User | int) -> "MessageQuerySet":
        """Those in the conversations of a person, given as a person or by their id."""
        return self.filter(conversation__memberships__user=user)

    def with_sender(self) -> "MessageQuerySet":
        """With the columns of the sender that others see."""
        return self.select_related("sender").defer(*_UNSEEN)

    def with_answered(self) -> "MessageQuerySet":
        """With the message that each one answers, and of its sender what others see."""
        unseen = [f"parent_message__{name}" for name in _UNSEEN]
        return self.select_related("parent_message__sender").defer(*unseen)

    def update(self, **fields: object) -> int:
        """Raises TypeError: versions, histories and notifications are written by `save()` alone."""
        raise TypeError("Messages change through save(), edit() and remove(), not through update().")

    def bulk_create(self, *args: object, **options: object) -> list["Message"]:
        """Raises TypeError, as `update`."""
        raise TypeError("Messages are made by save(), create() or post(), not in bulk.")

    def bulk_update(self, *args: object, **options: object) -> int:
        """Raises TypeError, as `update`."""
        raise TypeError("Messages change through save(), edit() and remove(), not in bulk.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Remove and sweep: the rows are deleted, except those with an unremoved reply below them. These
        become anonymous tombstones."""
        messages = self.model.rows.filter(pk__in=self.order_by().values("pk"))
        conversations = Conversation.objects.filter(pk__in=messages.values("conversation"))
        with conversations.writing(reset_version=NEXT_VERSION) as versions:
            messages.threads().lock()
            there = ((messages.filter(conversation=pk), version) for pk, version in versions.items())
            gone = sum(of_one.redact_and_sweep(version) for of_one, version in there)
        return gone, {self.model._meta.label: gone}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
