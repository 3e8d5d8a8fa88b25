from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from messaging.models.people.user import User


def _people() -> "type[User]":
    from messaging.models.people.user import User

    return User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def able(self) -> "MembershipQuerySet":
        """Those of people who are let in and are no guests. A guest has no say in what becomes of a room:
        whatever they were in it rests."""
        return self.filter(user__is_active=True).exclude(user__role=_people().Role.GUEST)

    def keeping(self) -> "MembershipQuerySet":
        """Those of people who look after the room: its administrators, and the site's who are in it."""
        runs_the_site = Q(user__role__in=_people().ADMINISTRATORS)
        return self.able().filter(Q(role=Membership.Role.ADMIN) | runs_the_site)

    def moderating(self) -> "MembershipQuerySet":
        """Those of people who may act on what others wrote there: its moderators too."""
        is_more = ~Q(role=Membership.Role.MEMBER)
        return self.able().filter(is_more | Q(user__role__in=_people().ADMINISTRATORS))

    def end(self) -> None:
        """Delete these memberships and the notifications that came with them.

        To be called under the conversations' lock. The messages' read marks follow: a row that is gone
        waits for nobody.
        """
        from messaging.models.messages.notification import Notification

        for conversation_id in set(self.values_list("conversation_id", flat=True)):
            people = self.filter(conversation_id=conversation_id).values("user")
            Notification.objects.filter(conversation_id=conversation_id, user__in=people).forget()
        self.delete()


class Membership(models.Model):
    """A person's place in a conversation. Reading and writing need one."""

    class Role(models.TextChoices):
        MEMBER = "member"
        MODERATOR = "moderator"
        ADMIN = "admin"

    class Level(models.TextChoices):
        ALL = "all"
        MENTIONS = "mentions"
        MUTED = "muted"

    conversation = models.ForeignKey(
        "Conversation", on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=9, choices=Role, default=Role.MEMBER)
    level = models.CharField(max_length=8, choices=Level, default=Level.ALL)
    is_starred = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["Membership"]] = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        constraints = [
            # Also serves "who is in this conversation". `user` has an index of its own for "where am I".
            models.UniqueConstraint(fields=["conversation", "user"], name="one_membership"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.conversation}"
