from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.models.db.registry import PersonPart, register_person_part


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **fields: object) -> NoReturn:
        """Raises TypeError: entries cannot be changed."""
        raise TypeError("The audit log is written once: entries cannot be changed.")

    def delete(self) -> NoReturn:
        """Raises TypeError: entries cannot be deleted."""
        raise TypeError("The audit log is written once: entries cannot be deleted.")

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def record(
        self,
        actor: models.Model | None,
        act: "AuditEntry.Act",
        person: models.Model | None = None,
        conversation: models.Model | None = None,
        **details: object,
    ) -> "AuditEntry":
        """Record that somebody used a right that not everyone has.

        To be called in the transaction that does it.

        Args:
            actor: the user who did it; None if it follows from the deletion of a person.
            act: what was done.
            person: the user to whom it was done.
            conversation: where, or with which room.
            details: more about it, as JSON. No names and no texts: they would outlive a deleted account.
        """
        return self.create(actor=actor, act=act, person=person, conversation=conversation, details=details)


class AuditEntry(models.Model):
    """One administrative act. If a person is deleted later, the act stays without them."""

    class Act(models.TextChoices):
        """What was done, and how it is written after the name of the person who did it."""

        SET_UP = "set_up", _("set the site up")
        INVITED = "invited", _("created an invitation")
        REVOKED = "revoked", _("revoked an invitation")
        CHANGED_SETTINGS = "changed_settings", _("changed the site settings")
        CHANGED_ROLE = "changed_role", _("changed a role")
        DEACTIVATED = "deactivated", _("deactivated an account")
        BANNED = "banned", _("banned an account")
        REACTIVATED = "reactivated", _("reactivated an account")
        MADE_RESET_LINK = "made_reset_link", _("created a password reset link")
        RESET_TWO_FACTOR = "reset_two_factor", _("reset two-factor authentication")
        LINKED_IDENTITY = "linked_identity", _("linked an account of an identity provider")
        UNLINKED_IDENTITY = "unlinked_identity", _("unlinked an account of an identity provider")
        ROLE_BY_PROVIDER = "role_by_provider", _("got a role from an identity provider")
        USED_SIGN_IN_LINK = "used_sign_in_link", _("used a sign-in link that was made on the server")
        REMOVED_MEMBER = "removed_member", _("removed a member from a room")
        CHANGED_ROOM_ROLE = "changed_room_role", _("changed a role in a room")
        HANDED_OVER = "handed_over", _("handed over the administration of a room")
        ARCHIVED = "archived", _("archived a room")
        UNARCHIVED = "unarchived", _("unarchived a room")
        REMOVED_MESSAGE = "removed_message", _("removed a message")
        REMOVED_TEXT = "removed_text", _("removed an earlier version of a message")
        DECIDED_REPORT = "decided_report", _("decided about a reported message")
        REMOVED_ROOM = "removed_room", _("removed a room")
        UNDID_ROOM_REMOVAL = "undid_room_removal", _("restored a removed room")
        CREATED_GROUP = "created_group", _("created a group of people")
        CHANGED_GROUP = "changed_group", _("changed a group of people")
        DELETED_GROUP = "deleted_group", _("deleted a group of people")
        ADDED_TO_GROUP = "added_to_group", _("added somebody to a group of people")
        REMOVED_FROM_GROUP = "removed_from_group", _("removed somebody from a group of people")
        ADDED_EMOJI = "added_emoji", _("added an emoji")
        RETIRED_EMOJI = "retired_emoji", _("retired an emoji")
        BROUGHT_BACK_EMOJI = "brought_back_emoji", _("brought a retired emoji back")
        SET_RETENTION = "set_retention", _("set how long messages are kept")
        WITHDREW_RETENTION = "withdrew_retention", _("withdrew a rule of how long messages are kept")
        DELETED_EXPIRED = "deleted_expired", _("deleted messages that were too old")
        EXPORTED_SITE = "exported_site", _("exported the site")
        IMPORTED_SITE = "imported_site", _("imported the site")

    ON_THE_SERVER: ClassVar = (Act.EXPORTED_SITE, Act.IMPORTED_SITE)  # by a command, so nobody is known

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    act = models.CharField(max_length=40, choices=Act, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    conversation = models.ForeignKey(
        "Conversation", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    details = models.JSONField(default=dict, editable=False)

    objects: ClassVar[models.Manager["AuditEntry"]] = models.Manager.from_queryset(AuditQuerySet)()

    class Meta:
        verbose_name_plural = _("audit entries")

    def __str__(self) -> str:
        values = {"actor": self.actor_name, "act": self.get_act_display()}
        # Translators: such as "Ada banned an account". The acts are worded so that they fit here.
        return gettext("%(actor)s %(act)s") % values

    def save(self, *args: Any, **options: Any) -> None:  # type: ignore[explicit-any] # Django's signature
        """Write a new entry. Raises TypeError for one that is written already."""
        if not self._state.adding:
            raise TypeError("The audit log is written once: entries cannot be changed.")
        super().save(*args, **options)

    def delete(self, *args: object, **options: object) -> NoReturn:
        """Raises TypeError: entries cannot be deleted."""
        raise TypeError("The audit log is written once: entries cannot be deleted.")

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def actor_name(self) -> str:
        """Who did it. What the program or a command does has no actor, nor has what a deleted person did."""
        if self.act == self.Act.DELETED_EXPIRED:
            return "Parley"
        if self.act in self.ON_THE_SERVER:
            return gettext("A command on the server")
        return str(self.actor.name) if self.actor else gettext("Deleted user")


for column in ("actor", "person"):
    register_person_part(
        PersonPart(AuditEntry, column, why_not_exported="What administrators did is the site's.")
    )
