import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F

from messaging.models.moves import tell


class InstallationManager(models.Manager["Installation"]):
    def current(self) -> "Installation":
        """The one row about this installation, made on the first call."""
        return self.get_or_create(pk=Installation.THE_ONE)[0]

    def people_changed(self) -> None:
        """Raise `people_version`: somebody's name or picture changed, or somebody is gone."""
        self._raise("people_version")

    def session_ended(self) -> None:
        """Raise `sessions_version`: somebody signed out, was deactivated, or changed their password."""
        self._raise("sessions_version")

    def _raise(self, number: str) -> None:
        self.current()
        self.filter(pk=Installation.THE_ONE).update(**{number: F(number) + 1})
        tell(installation=True)


class Installation(models.Model):
    """What is true of the whole installation: one row.

    `people_version` is in the key of everything cached that shows a name, so that a rename is seen at
    once; when `sessions_version` moves, every open stream asks again whether it may be open; `epoch` tells a
    page whether the numbers that it remembers are still this database's.
    """

    THE_ONE = 1

    class SignUp(models.TextChoices):
        CLOSED = "closed", "By invitation"
        OPEN = "open", "Everyone who reaches this site"

    class RoomMakers(models.TextChoices):
        MEMBERS = "members", "Every member, but no guest"
        ADMINISTRATORS = "administrators", "Administrators"

    class HistoryReaders(models.TextChoices):
        EVERYONE = "everyone", "Everyone who can read the message"
        RESPONSIBLE = "responsible", "Its author, and the room's moderators"

    name = models.CharField(max_length=80, default="Parley")
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    people_version = models.PositiveBigIntegerField(default=0, editable=False)
    sessions_version = models.PositiveBigIntegerField(default=0, editable=False)
    sign_up = models.CharField(max_length=6, choices=SignUp, default=SignUp.CLOSED)
    room_makers = models.CharField(max_length=14, choices=RoomMakers, default=RoomMakers.MEMBERS)
    history_readers = models.CharField(max_length=11, choices=HistoryReaders, default=HistoryReaders.EVERYONE)
    edit_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="How long a message can be edited; for ever when it is empty."
    )

    objects: ClassVar[InstallationManager] = InstallationManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_installation")]

    def __str__(self) -> str:
        return self.name
