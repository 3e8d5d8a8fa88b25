"""Which rooms somebody has left: stored by `rooms/members.py`, for their weekly digest (`week.py`)."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from messaging.models.db.registry import PersonPart, register_person_part


class LeftRoom(models.Model):
    """That a person once left a room: no weekly digest tells them of it as a new one."""

    conversation = models.ForeignKey(
        "Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[models.Manager["LeftRoom"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="one_left_room"),
        ]

    def __str__(self) -> str:
        return f"{self.user} left {self.conversation}"


register_person_part(
    PersonPart(LeftRoom, "user", why_not_exported="It only says that the room is not proposed again.")
)
