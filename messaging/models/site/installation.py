import uuid
from datetime import timedelta
from typing import ClassVar

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from messaging.models.db.changes import notify_changed
from messaging.models.db.prepared import prepared
from messaging.models.db.tokens import hashed, new_token


def picture_path(installation: models.Model, name: str) -> str:
    """Where a picture of the team is stored: a new random name each time, so that browsers may keep it for
    ever."""
    return f"team/{uuid.uuid4().hex}.webp"


class InstallationManager(models.Manager["Installation"]):
    def current(self) -> "Installation":
        """The one row. It is created when the tables are (`make_sure_it_exists`)."""
        if found := _installation.first(Installation.THE_ONE):
            return found
        raise Installation.DoesNotExist

    def make_sure_it_exists(self) -> None:
        """Called after each migration (`messaging.apps`), so that no other code has to check for the row."""
        self.get_or_create(pk=Installation.THE_ONE)

    def raise_people_version(self) -> None:
        """Raise `people_version`: somebody's name or picture changed, or somebody is gone."""
        self._raise("people_version")

    def raise_sessions_version(self) -> None:
        """Raise `sessions_version`: somebody signed out, was deactivated, or changed their password."""
        self._raise("sessions_version")

    def renew_epoch(self) -> None:
        """Make all versions that pages and caches remember invalid, after a backup was restored."""
        self.row().update(epoch=uuid.uuid4())
        notify_changed(installation=True)

    def new_setup_link(self) -> str:
        """The token of a new set-up link; the previous one stops working."""
        token = new_token()
        self.row().update(setup_hash=hashed(token))
        return token

    def is_setup_token(self, token: str) -> bool:
        """Whether this is the token of the set-up link."""
        return self._with_setup_token(token).exists()

    def set_up(self, token: str, name: str) -> bool:
        """Use up the set-up link, and name the installation. False if the link does not work (any more)."""
        return bool(self._with_setup_token(token).update(setup_hash="", name=name))

    def _with_setup_token(self, token: str) -> models.QuerySet["Installation"]:
        return self.exclude(setup_hash="").filter(setup_hash=hashed(token))

    def row(self) -> models.QuerySet["Installation"]:
        """The one row as a QuerySet, for updates and subqueries."""
        return self.filter(pk=Installation.THE_ONE)

    def _raise(self, number: str) -> None:
        self.row().update(**{number: F(number) + 1})
        notify_changed(installation=True)


class Installation(models.Model):
    """The site: its settings and version numbers, one row. Pages call it the site.

    `people_version` is in the key of everything cached that shows a name, so that a rename shows at once.
    When `sessions_version` changes, every open stream checks again whether it may stay open. `epoch` tells a
    page whether the version numbers that it remembers are still this database's.
    """

    THE_ONE = 1

    class SignUp(models.TextChoices):
        CLOSED = "closed", _("Only invited people")
        OPEN = "open", _("Anyone who can open this site")

    class RoomCreators(models.TextChoices):
        MEMBERS = "members", _("All members, but not guests")
        ADMINISTRATORS = "administrators", _("Administrators")

    class HistoryReaders(models.TextChoices):
        MEMBERS = "members", _("Everyone who can see the message")
        MODERATORS = "moderators", _("The author and the room's moderators")

    class RoomMentioners(models.TextChoices):
        MEMBERS = "members", _("All members, but not guests")
        SMALL_ROOMS = (
            "small",
            _("All members in rooms of up to 20 people; administrators and moderators in larger ones"),
        )
        MODERATORS = "moderators", _("The room's administrators and moderators")

    name = models.CharField(max_length=80, default="Parley")
    picture = models.FileField(upload_to=picture_path, blank=True, editable=False)
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    people_version = models.PositiveBigIntegerField(default=0, editable=False)
    sessions_version = models.PositiveBigIntegerField(default=0, editable=False)
    sign_up = models.CharField(max_length=6, choices=SignUp, default=SignUp.CLOSED)
    room_creators = models.CharField(max_length=14, choices=RoomCreators, default=RoomCreators.MEMBERS)
    edit_minutes = models.PositiveIntegerField(null=True, blank=True)  # null: for ever
    history_readers = models.CharField(max_length=10, choices=HistoryReaders, default=HistoryReaders.MEMBERS)
    link_previews = models.BooleanField(default=False)
    room_mentioners = models.CharField(
        max_length=10, choices=RoomMentioners, default=RoomMentioners.SMALL_ROOMS
    )
    # What messages must not contain, one word or host in each line; `block_key` is that of both lists.
    blocked_words = models.TextField(blank=True)
    blocked_hosts = models.TextField(blank=True)
    block_key = models.CharField(max_length=64, blank=True, editable=False)
    keywords_key = models.CharField(  # another with each change of anybody's keywords; empty: there are none
        max_length=32, blank=True, default="", db_default="", editable=False
    )
    mail_minutes = models.PositiveSmallIntegerField(default=2)
    mail_texts = models.BooleanField(default=True)  # whether mails may contain what was written
    push_texts = models.BooleanField(default=True)  # whether notices on devices may contain it
    # The last notification that was looked at, for mails about missed messages; null: none yet.
    mailed_to = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    # Since when, and why, no mail could be sent. Never the text of an error, which can hold an address.
    mail_failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    mail_failure = models.CharField(max_length=80, blank=True, editable=False)
    # How old copies become before `manage.py backup` deletes them, in days; null: it does not.
    backup_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # How long messages are kept: a `site.retention.Retention`; null: for ever.
    retention = models.JSONField(null=True, blank=True, editable=False)
    setup_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[InstallationManager] = InstallationManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_installation")]

    def __str__(self) -> str:
        return self.name

    @property
    def picture_name(self) -> str:
        """The name of the picture's file, which is different for every picture; empty if there is none."""
        return (self.picture.name or "").rpartition("/")[2]

    def set_picture(self, picture: bytes | None) -> None:
        """Set another picture, as `square_avatar` makes it; None removes it. To be saved by the caller, who
        also deletes the file of the former one."""
        self.picture = ContentFile(picture, name="new") if picture else ""

    @property
    def sign_up_is_open(self) -> bool:
        """Whether everybody may create an account, without an invitation."""
        return self.sign_up == self.SignUp.OPEN

    @property
    def edit_window(self) -> timedelta | None:
        """How long after it was sent a message can be edited; for ever if None."""
        return timedelta(minutes=self.edit_minutes) if self.edit_minutes else None


@prepared
def _installation(pk: int) -> models.QuerySet[Installation]:
    return Installation.objects.filter(pk=pk)
