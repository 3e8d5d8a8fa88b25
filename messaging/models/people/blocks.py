"""Who blocks whom. Other people are not told, and their pages do not change."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from messaging.models.db.registry import PersonPart, register_person_part


class Block(models.Model):
    """That `user` blocks another person; see `messaging.models.inbox.blocking`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks", db_index=False
    )
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["Block"]] = models.Manager()

    class Meta:
        constraints = [
            # Also serves "whom does this person block".
            models.UniqueConstraint(fields=["user", "blocked"], name="one_block"),
            models.CheckConstraint(condition=~Q(user=F("blocked")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.user} blocks {self.blocked}"


register_person_part(
    PersonPart(
        Block,
        "user",
        exported_as="blocked",
        export=lambda user: list(user.blocks.order_by("pk").values_list("blocked__username", flat=True)),
    )
)
register_person_part(PersonPart(Block, "blocked", why_not_exported="People are not told who blocks them."))
