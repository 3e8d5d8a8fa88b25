from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Exclusion(models.Model):
    """That somebody was taken out of a room by who looks after it.

    Neither its door nor an invitation lets them in again: somebody who may add people has to, and with that
    this row goes. Who leaves by themselves has none.
    """

    conversation = models.ForeignKey(
        "Conversation", on_delete=models.CASCADE, related_name="exclusions", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exclusions")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["Exclusion"]] = models.Manager()

    class Meta:
        constraints = [
            # Also serves "is this person kept out of this room".
            models.UniqueConstraint(fields=["conversation", "user"], name="one_exclusion"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is kept out of {self.conversation}"
