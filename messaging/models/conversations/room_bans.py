from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from messaging.models.db.registry import PersonPart, register_person_part


class RoomBan(models.Model):
    """Records that a person was removed from a room by one of its administrators.

    They can neither join again nor come in by an invitation: somebody who may add people has to add them, and
    that deletes this row. Leaving on one's own creates no ban.
    """

    conversation = models.ForeignKey(
        "Conversation", on_delete=models.CASCADE, related_name="room_bans", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="room_bans")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["RoomBan"]] = models.Manager()

    class Meta:
        constraints = [
            # Also serves "is this person banned from this room".
            models.UniqueConstraint(fields=["conversation", "user"], name="one_room_ban"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is banned from {self.conversation}"


register_person_part(
    PersonPart(RoomBan, "user", why_not_exported="It is a decision of the room's administrators.")
)
