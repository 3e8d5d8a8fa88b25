"""How something is taken away from a message, or all of it: by its author, or a moderator, who says why."""

from typing import TYPE_CHECKING, Any

from django.db import models

from messaging.models.conversations.conversation import Conversation
from messaging.models.messages.saving import Unchanged, refused
from messaging.models.site.audit_log import AuditEntry
from messaging.text import clean_text

if TYPE_CHECKING:
    from messaging.models.people.user import User


class Removal(models.Model):
    """How a `Message` becomes a tombstone, and how one of its earlier texts goes."""

    class Meta:
        abstract = True

    def may_be_removed_by(self: Any, user: "User") -> bool:
        """Whether they wrote it, or are a moderator where it stands."""
        return self.author == user or (not self.is_removed and self.conversation.may_moderate(user))

    def remove(self: Any, by: "User | None" = None, reason: str = "") -> None:
        """Make a tombstone of it: text, history, notifications and mentions go, its place stays.

        Removing it again changes nothing.

        Args:
            by: who removes it: its author, or a moderator; the program itself if None.
            reason: what a moderator says about it, which stays to be read there.

        Raises:
            ValidationError: `by` is no member any more, or neither author nor moderator; or the reason is
                too long.
        """
        is_moderation = by is not None and by.pk != self.sender_id
        reason = clean_text(reason, max_length=200, single_line=True) if reason and is_moderation else ""
        told = {"by": by, "reason": reason} if is_moderation else {}
        this = type(self).rows.filter(pk=self.pk)
        try:
            with self.conversation.writing(self._by_hand(by)) as version:
                if this.get().is_removed:
                    raise Unchanged
                this.bury(version, **told)
                if is_moderation:
                    AuditEntry.objects.record(
                        by, AuditEntry.Act.REMOVED_MESSAGE, person=self.sender, conversation=self.conversation
                    )
        except Unchanged:
            pass
        except Conversation.Refused as refusal:
            raise refused(*refusal.args) from None
        self.refresh_from_db()

    def remove_text(self: Any, number: int, by: "User") -> None:
        """Remove one earlier text from the history, for good; that there was one stays.

        Args:
            number: of the text, the first being 1. The current one is changed by an edit.
            by: its author, or a moderator.

        Raises:
            ValidationError: `by` is no member any more, or neither author nor moderator.
            MessageHistory.DoesNotExist: there is no such text.
        """
        try:
            with self.conversation.writing(self._by_hand(by)):
                self.history.get(number=number)
                if (
                    self.history.filter(number=number, removed_at=None).take_away()
                    and by.pk != self.sender_id
                ):
                    AuditEntry.objects.record(
                        by, AuditEntry.Act.REMOVED_TEXT, person=self.sender, conversation=self.conversation
                    )
        except Conversation.Refused as refusal:
            raise refused(*refusal.args) from None

    def _by_hand(self: Any, by: "User | None") -> dict[str, Any]:
        """What must be true, under the lock, of who takes something away."""
        if by is None:
            return {}
        conditions: dict[str, Any] = {"editor": self.conversation.has_writer(by)}
        if by.pk != self.sender_id:
            # Of what is removed already nothing is left to be taken away: there, everybody does nothing.
            removed = models.Exists(type(self).rows.filter(pk=self.pk, removed_at__isnull=False))
            rule = models.Q(self.conversation.moderated_by(by)) | models.Q(removed)
            conditions["moderator"] = models.ExpressionWrapper(rule, output_field=models.BooleanField())
        return conditions
