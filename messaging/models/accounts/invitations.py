from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.permissions import has_banned
from messaging.models.conversations.queryset import ConversationQuerySet
from messaging.models.db.refusals import Refused
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.db.tasks import task
from messaging.models.db.tokens import hashed, new_token
from messaging.models.people.user import User
from messaging.models.rooms.members import add_invited
from messaging.models.site.audit_log import AuditEntry


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Those that still work: not revoked, expired or used up, and their creator is an administrator."""
        in_time = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        left = Q(uses_left=None) | Q(uses_left__gt=0)
        by = Q(created_by__is_active=True, created_by__role__in=User.ADMINISTRATORS)
        # Links for administrators and owners stop working when their creator is no longer an owner.
        given = Q(role__in=[User.Role.MEMBER, User.Role.GUEST]) | Q(created_by__role=User.Role.OWNER)
        return self.filter(in_time, left, by, given, revoked_at=None)

    def erase_emails(self) -> int:
        """Erase the e-mail addresses of invitations that no longer work, since they belong to other people.

        Returns:
            How many had one.
        """
        over = Q(revoked_at__isnull=False) | Q(expires_at__lte=timezone.now()) | Q(uses_left=0)
        return self.filter(over).exclude(email="").update(email="")

    def by_token(self, token: str) -> "Invitation | None":
        return self.open().filter(token_hash=hashed(token)).select_related("created_by").first()

    def invite(
        self,
        by: User,
        role: str = User.Role.MEMBER,
        rooms: Collection[Conversation] = (),
        days: int | None = 7,
        uses: int | None = 1,
        email: str = "",
    ) -> tuple["Invitation", str]:
        """Create an invitation.

        Args:
            role: the role of the new accounts, one of `User.Role`.
            rooms: the rooms that it adds people to, as far as `by` may add people there.
            days: how long the link works; for ever if None.
            uses: how many people may use it; any number if None.
            email: where the caller sends it, if anywhere.

        Returns:
            The invitation, and the token that its link ends in. The token itself is not stored.
        """
        token = new_token()
        with transaction.atomic():
            invitation = self.create(
                created_by=by,
                role=role,
                expires_at=days and timezone.now() + timedelta(days=days),
                uses_left=uses,
                email=email,
                token_hash=hashed(token),
            )
            chosen = Conversation.objects.filter(pk__in=[room.pk for room in rooms])
            invitation.rooms.set(chosen.addable_by(by))
            AuditEntry.objects.record(by, AuditEntry.Act.INVITED, role=role, uses=uses, days=days)
        return invitation, token


class Invitation(models.Model):
    """A link with which people register. It is deleted with the person who made it."""

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    role = models.CharField(max_length=13, choices=User.Role, default=User.Role.MEMBER)
    rooms = models.ManyToManyField(Conversation, blank=True, related_name="+")
    email = models.EmailField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    uses_left = models.PositiveIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)

    objects: ClassVar[models.Manager["Invitation"]] = models.Manager.from_queryset(InvitationQuerySet)()

    def __str__(self) -> str:
        return f"invitation {self.pk} of a {self.role}"

    def use(self) -> None:
        """Count one use; to be called in the transaction that makes the account.

        Raises:
            Refused: ("over") it no longer works.
        """
        good = Invitation.objects.open().filter(pk=self.pk)
        # These conditions are on the row itself, so PostgreSQL checks them again after waiting for its lock.
        this = Invitation.objects.filter(
            Q(uses_left=None) | Q(uses_left__gt=0), pk__in=good.values("pk"), revoked_at=None
        )
        if not this.update(used=F("used") + 1, uses_left=F("uses_left") - 1):
            raise Refused("over", _("This link is no longer valid."))
        Invitation.objects.filter(pk=self.pk).erase_emails()

    def rooms_for(self, person: User) -> ConversationQuerySet:
        """The rooms that it would add this person to now: those that are not removed, that its creator may
        add people to, and that the person is not banned from."""
        return self.rooms.addable_by(self.created_by).exclude(has_banned(person))

    def add_to_rooms(self, person: User) -> list[Conversation]:
        """Make the person a member of its rooms, as far as that is allowed (`rooms_for`).

        Returns:
            These, by name, as the form of the invitation lists them: the person lands in the first.
        """
        rooms = []
        for room in self.rooms.order_by("pk"):  # the order in which conversations are locked
            with suppress(Refused):
                add_invited(room, person, by=self.created_by)
                rooms.append(room)
        return sorted(rooms, key=lambda room: (room.name, room.pk))

    def revoke(self, by: User) -> None:
        """Make the link stop working. Revoking it again changes nothing."""
        with transaction.atomic():
            this = Invitation.objects.filter(pk=self.pk)
            if this.filter(revoked_at=None).update(revoked_at=timezone.now()):
                this.erase_emails()
                AuditEntry.objects.record(by, AuditEntry.Act.REVOKED, role=self.role)


register_person_part(
    PersonPart(
        Invitation,
        "created_by",
        exported_as="invitations",
        export=lambda user: list(
            user.invitations.order_by("pk").values("created_at", "role", "email", "expires_at", "used")
        ),
    )
)


@task()
def erase_emails_of_ended_invitations() -> None:
    """Periodic: erase the addresses of expired invitations. If one is used up or revoked, its address is
    erased at once."""
    Invitation.objects.erase_emails()
