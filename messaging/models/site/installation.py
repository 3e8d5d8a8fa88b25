import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F

from messaging.models.db.changes import tell
from messaging.models.db.tokens import hashed, new_token


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

    def begin_anew(self) -> None:
        """Renew the `epoch`: these are not the numbers that pages and caches remember."""
        self.current()
        self.filter(pk=Installation.THE_ONE).update(epoch=uuid.uuid4())
        tell(installation=True)

    def begin_set_up(self) -> str:
        """The token of a new set-up link; an earlier one is void."""
        token = new_token()
        self.current()
        self.filter(pk=Installation.THE_ONE).update(set_up_hash=hashed(token))
        return token

    def is_set_up_by(self, token: str) -> bool:
        """Whether this is the token of the set-up link."""
        return self.exclude(set_up_hash="").filter(set_up_hash=hashed(token)).exists()

    def set_up(self, token: str, name: str) -> bool:
        """Use the link up and name the installation: of two who come with it at once one is told False."""
        used = self.exclude(set_up_hash="").filter(set_up_hash=hashed(token))
        return bool(used.update(set_up_hash="", name=name))

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
        MEMBERS = "members", "Everybody who sees the message"
        MODERATORS = "moderators", "Its author, and the room's moderators"

    name = models.CharField(max_length=80, default="Parley")
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    people_version = models.PositiveBigIntegerField(default=0, editable=False)
    sessions_version = models.PositiveBigIntegerField(default=0, editable=False)
    sign_up = models.CharField(max_length=6, choices=SignUp, default=SignUp.CLOSED)
    room_makers = models.CharField(max_length=14, choices=RoomMakers, default=RoomMakers.MEMBERS)
    edit_minutes = models.PositiveIntegerField(null=True, blank=True)  # for ever, if null
    history_readers = models.CharField(max_length=10, choices=HistoryReaders, default=HistoryReaders.MEMBERS)
    set_up_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[InstallationManager] = InstallationManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_installation")]

    def __str__(self) -> str:
        return self.name

    @property
    def edit_window(self) -> timedelta | None:
        """How long after it was sent a message can be edited; for ever if None."""
        return timedelta(minutes=self.edit_minutes) if self.edit_minutes else None
