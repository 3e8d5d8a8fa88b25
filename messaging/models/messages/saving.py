"""The one door of a message: every way of sending and editing goes through here.
What is taken away is next door (`removal.py`).

Text is cleaned and rendered before any lock is held. Then the conversation's next version is taken, and what
must be true is asked under its lock (`Conversation.writing`). Only then Django saves, and the signals write
history and notifications. A plain `pre_save` would not do: it was seen to store old HTML and no version under
`update_fields`, `only()` and `update_or_create()`, and to bring removed text back from a stale instance.
"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.messages.mentions import members_named_in
from messaging.models.site.installation import Installation
from messaging.text import RENDERER_VERSION, clean_text, render

if TYPE_CHECKING:
    from messaging.models.messages.message import Message
    from messaging.models.people.user import User

# What an edit writes, whatever `update_fields` the caller named.
EDITED_FIELDS = ("content", "content_html", "renderer_version", "edited", "edited_at", "version")
# What a message is, for ever: an attempt to change one of these is a mistake and is refused.
IDENTITY = ("sender_id", "receiver_id", "conversation_id", "parent_message_id", "timestamp")
# What the other columns are is decided by the verbs: after a save an instance shows what is stored.
DECIDED = ("content_html", "renderer_version", "edited", "edited_at", "read", "seq", "version")
REFUSALS = {
    "sender": "You are not a member of this conversation any more.",
    "editor": "Only members of the conversation may change its messages.",
    "parent": "The message that you answer was removed.",
    "elsewhere": "The message that you answer is in another conversation.",
    "removed": "This message was removed.",
    "late": "The time for edits is over.",
    "moderator": "Only its author and the room's moderators may do this.",
    "archived": "This room is archived: it can be read, not written to.",
}


OPEN = models.ExpressionWrapper(models.Q(archived_at=None), output_field=models.BooleanField())


class Unchanged(Exception):
    """The text is what it was: the version is taken back, and nobody hears of it."""


def refused(reason: str) -> ValidationError:
    return ValidationError(REFUSALS[reason], code=reason)


class Door(models.Model):
    """How a `Message` is sent and edited."""

    class AlreadySent(Exception):
        """This sender used this `client_id` before."""

    class ClientIdTaken(Exception):
        """This sender used this `client_id` for another message, the argument."""

    class EditConflict(Exception):
        """The message was edited since the editor opened it; the argument is the message as it is now."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        # Set while an edit is saved, for the signals: the row as it was, with the number of its `texts`.
        stored: Any
        edited_by: User | None
        mentionable: dict[str, int]
        edited_at: Any
        removed_at: Any

    def save(self: Any, *args: Any, update_fields: Any = None, **options: Any) -> None:
        """Send a new message, or edit the text of an existing one. Nothing else can be changed.

        Raises:
            ValidationError: the text is empty or too long; there is no place to go to; the sender is no
                member; the parent or the message was removed; or who wrote it to whom, where and when is
                not what it was.
            Conversation.DoesNotExist, Message.DoesNotExist: it was erased meanwhile.
            Message.AlreadySent: the sender used this `client_id` before (`Conversation.post` answers that).
        """
        if self._state.adding:
            self._send()
        elif "content" not in self.get_deferred_fields() and (
            update_fields is None or "content" in update_fields
        ):
            self._revise()

    save.alters_data = True  # type: ignore[attr-defined]

    def edit(self: Any, content: str, by: "User | None" = None, revision: int | None = None) -> None:
        """Replace the text.

        Args:
            content: the new text.
            by: who edits; the sender by default.
            revision: the `revision` that the editor saw.

        Raises:
            Message.EditConflict: somebody edited it since `revision`.
            ValidationError: as `save()`; when `by` is no member any more; or when the site's time for edits
                is over ("late").
        """
        self.content = content
        by = by or self.sender
        conditions = {"editor": self.conversation.has_writer(by)} if by else None
        # Only looked at: an edit that is refused must not have made the row.
        if not self.may_be_edited(Installation.objects.first() or Installation()):
            raise refused("late")
        self._revise(by, revision, conditions)

    def may_be_edited(self: Any, installation: Installation) -> bool:
        """Whether the site's time for edits is not over yet."""
        window = installation.edit_window
        return window is None or timezone.now() < self.timestamp + window

    def delete(self: Any, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Remove and sweep: the row goes, but where others answered it an anonymous tombstone stays."""
        return type(self).objects.filter(pk=self.pk).delete()

    delete.alters_data = True  # type: ignore[attr-defined]

    def _send(self: Any) -> None:
        self.content = clean_text(self.content)
        self._take_place()
        self._render()
        self.edited, self.read = False, False
        self.edited_at = self.removed_at = None
        try:
            with self.conversation.writing(self._conditions(), last_message_at=self.timestamp) as version:
                self.seq = self.version = version
                super().save(force_insert=True)
        except Conversation.Refused as refusal:
            if refusal.args == ("unsent",):
                raise type(self).AlreadySent from None
            raise refused(*refusal.args) from None
        except IntegrityError:
            # Sent under this id to another conversation at the same moment: each has a lock of its own.
            rows = type(self).rows.filter(sender_id=self.sender_id, client_id=self.client_id)
            if self.client_id and rows.exists():
                raise type(self).AlreadySent from None
            raise

    def _take_place(self: Any) -> None:
        """Find the conversation, receiver, thread and depth from what was given."""
        if self.sender_id is None:
            raise ValidationError({"sender": "A message needs a sender."}, code="no_sender")
        if not self.sender.is_active:  # asked again under the lock; but a first message makes a conversation
            raise refused("sender")
        if self.conversation_id is None:
            self.conversation = self._find_conversation()
        if self.conversation.is_direct:
            receiver_id = self.conversation.other_id(self.sender_id)
            if self.receiver_id not in (None, receiver_id):
                raise ValidationError({"receiver": "They are not in this conversation."}, code="receiver")
            self.receiver_id = receiver_id
        elif self.receiver_id is not None:
            raise ValidationError({"receiver": "Only direct messages have a receiver."}, code="receiver")
        self.thread_root_id, self.depth = None, 0
        if parent := self.parent_message:
            if parent.conversation_id != self.conversation_id:
                raise refused("elsewhere")
            self.thread_root_id = parent.thread_root_id or parent.pk
            self.depth = parent.depth + 1

    def _find_conversation(self: Any) -> Conversation:
        """That of the answered message, or the direct one with the receiver, made where there is none."""
        parent = self.parent_message
        if parent:
            # Compared, not made: a reply that is refused must not leave a conversation behind.
            key = Conversation.direct_key_of(self.sender, self.receiver or self.sender)
            if self.receiver_id and parent.conversation.direct_key != key:
                raise refused("elsewhere")
            return parent.conversation
        if self.receiver_id is None:
            raise ValidationError("Name a receiver or a conversation.", code="no_place")
        return Conversation.objects.direct(self.sender, self.receiver)

    def _conditions(self: Any) -> dict[str, Any]:
        """What must be true, under the lock, for a message to be sent."""
        rows = type(self).rows
        conditions: dict[str, Any] = {
            "sender": self.conversation.has_writer(self.sender),
            "archived": OPEN,
        }
        # Before the parent: what was sent stays sent, whatever became of what it answers.
        if self.client_id:
            earlier = rows.filter(sender_id=self.sender_id, client_id=self.client_id)
            conditions["unsent"] = ~Exists(earlier)
        if self.parent_message_id:
            parent = rows.filter(pk=self.parent_message_id, conversation=OuterRef("pk"), removed_at=None)
            conditions["parent"] = Exists(parent)
        return conditions

    def _revise(
        self: Any,
        by: "User | None" = None,
        revision: int | None = None,
        conditions: dict[str, Any] | None = None,
    ) -> None:
        self.content = clean_text(self.content)
        self._render()
        try:
            with self.conversation.writing({**(conditions or {}), "archived": OPEN}) as version:
                stored: Any = type(self).rows.annotate(texts=Count("history")).get(pk=self.pk)
                self._refuse_another_identity(stored)
                if stored.content == self.content:
                    raise Unchanged
                if revision not in (None, stored.texts):
                    raise type(self).EditConflict(stored)
                self.version, self.read = version, stored.read
                self.stored, self.edited_by = stored, by or stored.sender
                super().save(force_update=True, update_fields=EDITED_FIELDS)
        except Unchanged:
            for field in DECIDED:
                setattr(self, field, getattr(stored, field))
        except Conversation.Refused as refusal:
            raise refused(*refusal.args) from None

    def _refuse_another_identity(self: Any, stored: "Message") -> None:
        if stored.is_removed:
            raise refused("removed")
        loaded = set(IDENTITY) - self.get_deferred_fields()
        for field in sorted(loaded):
            if getattr(self, field) != getattr(stored, field):
                name = field.removesuffix("_id")
                raise ValidationError({name: f"The {name} of a message cannot be changed."}, code="identity")

    def _render(self: Any) -> None:
        self.mentionable = members_named_in(self.content, self.conversation_id)
        self.content_html = render(self.content, self.mentionable)
        self.renderer_version = RENDERER_VERSION
