from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.room_bans import RoomBan
from messaging.models.db.prepared import prepared
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.db.text_match import contains
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.user import User

if TYPE_CHECKING:
    from messaging.models.conversations.conversation import Conversation


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active_non_guests(self) -> "MembershipQuerySet":
        """Memberships of active people who are not guests. A guest has no say in what happens to a room: the
        role that they had there is suspended."""
        return self.filter(user__is_active=True).exclude(user__role=User.Role.GUEST)

    def administering(self) -> "MembershipQuerySet":
        """Memberships of people who may administer the room: its administrators, and administrators of the
        site who are members."""
        runs_the_site = Q(user__role__in=User.ADMINISTRATORS)
        return self.active_non_guests().filter(Q(role=Membership.Role.ADMIN) | runs_the_site)

    def moderating(self) -> "MembershipQuerySet":
        """Memberships of people who may act on what others wrote there: also the room's moderators."""
        is_more = ~Q(role=Membership.Role.MEMBER)
        return self.active_non_guests().filter(is_more | Q(user__role__in=User.ADMINISTRATORS))

    def called(self, words: str) -> "MembershipQuerySet":
        """Memberships of people whose name or username contains this text, ignoring case and accents."""
        return self.filter(contains(words, "user__display_name", "user__username"))

    def add(
        self, conversation: "Conversation", people: Iterable[User], role: "Membership.Role | None" = None
    ) -> None:
        """Under the conversation's lock: make these people members, who are not yet. Their room bans end.

        Raises:
            Gone: one of them was deleted meanwhile.
        """
        ids = sorted({person.pk for person in people})
        levels = User.objects.lock_to_add(ids)
        RoomBan.objects.filter(conversation=conversation, user__in=ids).delete()
        Membership.objects.bulk_create(
            Membership(
                conversation=conversation,
                user_id=pk,
                role=role or Membership.Role.MEMBER,
                # The person's default is for rooms; in groups and direct conversations it is ALL.
                notification_level=levels[pk] if conversation.is_room else NotificationLevel.ALL,
            )
            for pk in ids
        )


class Membership(models.Model):
    """That a person is in a conversation. Reading and writing there need it."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        MODERATOR = "moderator", _("Moderator")
        ADMIN = "admin", _("Administrator")

    conversation = models.ForeignKey(
        "Conversation", on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=9, choices=Role, default=Role.MEMBER)
    notification_level = models.CharField(
        max_length=8, choices=NotificationLevel, default=NotificationLevel.ALL
    )
    is_starred = models.BooleanField(default=False)
    section = models.PositiveIntegerField(default=0, editable=False)  # the id of a section of theirs; 0: none
    # Left out of the sidebar until something newer than this is said; null: shown.
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["Membership"]] = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        constraints = [
            # Also serves "who is in this conversation". `user` has an index of its own for "where am I".
            models.UniqueConstraint(fields=["conversation", "user"], name="one_membership"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.conversation}"


def member_count(conversation_id: int) -> int:
    """How many people are in a conversation."""
    return _member_count.first(conversation_id) or 0


@prepared
def _member_count(conversation_id: int) -> models.QuerySet[Membership, int]:
    members = Membership.objects.filter(conversation=conversation_id).values("conversation")
    return members.annotate(number=Count("pk")).values_list("number", flat=True)


def _exported(user: User) -> list[dict[str, object]]:
    memberships = user.memberships.select_related("conversation").order_by("joined_at", "pk")
    sections = dict(user.sections)
    return [
        {
            "conversation": one.conversation.name or one.conversation.kind,
            "kind": one.conversation.kind,
            "role": one.role,
            "notification_level": one.notification_level,
            "starred": one.is_starred,
            "sidebar_section": sections.get(one.section),
            "hidden_since": one.hidden_at and one.hidden_at.isoformat(),
            "since": one.joined_at.isoformat(),
        }
        for one in memberships
    ]


register_person_part(
    PersonPart(Membership, "user", conversation="conversation", exported_as="conversations", export=_exported)
)
