"""Whom somebody would rather not hear from. It is nobody else's business, and changes nobody else's page."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from messaging.models.messages.notification import Notification
from messaging.models.people.user import User


class BlockQuerySet(models.QuerySet["Block"]):
    def put_up(self, user: User, other: User) -> None:
        """From now on nothing that the other writes is told to the user; what was is read.

        Nothing happens if it is so already.

        Raises:
            ValidationError: one does not block oneself.
            User.DoesNotExist: the other is gone.
        """
        if user == other:
            raise ValidationError("You cannot block yourself.", code="yourself")
        with transaction.atomic():
            both = User.objects.filter(pk__in=[user.pk, other.pk]).order_by("pk")
            if len(both.select_for_update(no_key=True).values_list("pk")) < 2:
                raise User.DoesNotExist("This person is gone.")
            _, made = self.get_or_create(user=user, blocked=other)
            if made:
                self._changed(user)
        if made:
            theirs = Notification.objects.filter(user=user, message__sender=other, read_at=None)
            Notification.objects.filter(pk__in=list(theirs.values_list("pk", flat=True))).forget()

    def take_down(self, user: User, other: User) -> None:
        """Hear from them again. Nothing happens if there is no block."""
        with transaction.atomic():
            gone, _ = self.filter(user=user, blocked=other).delete()
            if gone:
                self._changed(user)

    def _changed(self, user: User) -> None:
        User.objects.filter(pk=user.pk).update(blocks_version=F("blocks_version") + 1)
        User.objects.filter(pk=user.pk).moved()


class Block(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks", db_index=False
    )
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["Block"]] = models.Manager.from_queryset(BlockQuerySet)()

    class Meta:
        constraints = [
            # Also serves "whom does this person block".
            models.UniqueConstraint(fields=["user", "blocked"], name="one_block"),
            models.CheckConstraint(condition=~Q(user=F("blocked")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.user} blocks {self.blocked}"
