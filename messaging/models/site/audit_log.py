from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.people.user import User


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **fields: Any) -> NoReturn:
        """Raises TypeError: what was done stays written."""
        raise TypeError("The audit log is written once: entries cannot be changed.")

    def delete(self) -> NoReturn:
        raise TypeError("The audit log is written once: entries cannot be deleted.")

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def record(
        self,
        actor: User | None,
        act: str,
        person: User | None = None,
        conversation: Conversation | None = None,
        **details: Any,
    ) -> "AuditEntry":
        """Write down what somebody did with a right that not everyone has.

        To be called in the transaction that does it.

        Args:
            actor: who did it; none for the console.
            act: one of `AuditEntry.Act`.
            person: to whom it was done.
            conversation: where, or with what.
            details: what else tells it, as JSON. No names and nobody's words: they would outlive an erasure.
        """
        return self.create(actor=actor, act=act, person=person, conversation=conversation, details=details)


class AuditEntry(models.Model):
    """One administrative act. Who is erased later is left out of it; the act stays."""

    class Act(models.TextChoices):
        SET_UP = "set_up", "set the site up"
        INVITED = "invited", "made an invitation"
        REVOKED = "revoked", "revoked an invitation"
        CHANGED_SETTINGS = "changed_settings", "changed the site's settings"
        CHANGED_ROLE = "changed_role", "changed somebody's role"
        DEACTIVATED = "deactivated", "deactivated somebody"
        BANNED = "banned", "banned somebody"
        REACTIVATED = "reactivated", "let somebody back in"
        MADE_RESET_LINK = "made_reset_link", "made a link for a new password"
        RESET_SECOND_STEP = "reset_second_step", "took somebody's passkeys and codes away"
        REMOVED_MEMBER = "removed_member", "took somebody out of a room"
        CHANGED_ROOM_ROLE = "changed_room_role", "changed somebody's role in a room"
        HANDED_OVER = "handed_over", "passed a room on to its next administrator"
        ARCHIVED = "archived", "archived a room"
        RESTORED = "restored", "opened an archived room again"
        REMOVED_MESSAGE = "removed_message", "removed somebody's message"
        REMOVED_TEXT = "removed_text", "removed an earlier text of somebody's message"
        REMOVED_ROOM = "removed_room", "removed a room"
        BROUGHT_BACK = "brought_back", "brought a removed room back"

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    act = models.CharField(max_length=40, choices=Act, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    details = models.JSONField(default=dict, editable=False)

    objects: ClassVar[models.Manager["AuditEntry"]] = models.Manager.from_queryset(AuditQuerySet)()

    class Meta:
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.actor or 'the console'} {self.get_act_display()}"

    def save(self, *args: Any, **options: Any) -> None:
        """Write it down, once. Raises TypeError for an entry that is written already."""
        if not self._state.adding:
            raise TypeError("The audit log is written once: entries cannot be changed.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise TypeError("The audit log is written once: entries cannot be deleted.")

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def told(self) -> str:
        """The details, as one reads them: "role: member → guest"."""
        return " · ".join(
            f"{name.replace('_', ' ')}: {' → '.join(map(str, value)) if isinstance(value, list) else value}"
            for name, value in self.details.items()
            if value is not None
        )
