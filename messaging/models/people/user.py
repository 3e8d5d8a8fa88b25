from collections.abc import Iterable
from datetime import time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.db.refusals import get_or_gone
from messaging.models.people import profile, time_zones
from messaging.models.people.avatars import avatar_path
from messaging.models.people.consequences import WATCHED, follow_up
from messaging.models.people.preferences import MissedMails, NotificationLevel, PushTexts, Sound, TitleCounts
from messaging.models.people.queryset import UserQuerySet, by_name
from messaging.models.people.status import STATUS_LENGTH
from messaging.models.people.usernames import validate_username, validate_username_is_free

AVATAR_COLOURS = 6


class PeopleManager(UserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's `create_user`, and our QuerySet."""

    def create_superuser(  # type: ignore[explicit-any] # Django's signature
        self, *args: Any, **fields: Any
    ) -> "User":
        """An owner, since a person with a shell on the machine owns the installation."""
        person: User = super().create_superuser(*args, **{"role": User.Role.OWNER, **fields})
        return person


class User(AbstractUser):
    """A person. Identified by their username, shown by their display name."""

    class Role(models.TextChoices):
        """What the person may do in this installation; `Membership.role` is the role in one room."""

        OWNER = "owner", _("Owner")
        ADMINISTRATOR = "administrator", _("Administrator")
        MEMBER = "member", _("Member")
        GUEST = "guest", _("Guest")

    ADMINISTRATORS = (Role.OWNER, Role.ADMINISTRATOR)  # who run the installation

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Same as device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        max_length=profile.USERNAME_LENGTH,
        unique=True,
        validators=[validate_username, validate_username_is_free],
        error_messages={"unique": _("This username is already taken.")},
        help_text=_("Lowercase letters a–z, digits, and _ . -"),
    )
    display_name = models.CharField(max_length=profile.NAME_LENGTH, blank=True)
    avatar = models.FileField(upload_to=avatar_path, blank=True, editable=False)
    status = models.CharField(max_length=STATUS_LENGTH, blank=True, editable=False)
    status_until = models.DateTimeField(null=True, blank=True, editable=False)  # null: it does not end
    time_zone = models.CharField(max_length=64, blank=True, validators=[time_zones.validate_time_zone])
    language = models.CharField(max_length=10, blank=True, default="", db_default="")  # empty: the browser's
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    default_notification_level = models.CharField(
        max_length=8, choices=NotificationLevel, default=NotificationLevel.ALL
    )
    title_counts = models.CharField(max_length=8, choices=TitleCounts, default=TitleCounts.PERSONAL)
    push_texts = models.CharField(max_length=5, choices=PushTexts, default=PushTexts.TEXT)
    missed_mails_are = models.CharField(max_length=5, choices=MissedMails, default=MissedMails.TEXT)
    # Days with quiet hours, and days that are quiet as a whole (`quiet_hours.as_number`). The zone is that of
    # the browser in which they were set, for people who have chosen none.
    quiet_from = models.TimeField(default=time(22), db_default=time(22))
    quiet_to = models.TimeField(default=time(8), db_default=time(8))
    quiet_hours_on = models.PositiveSmallIntegerField(default=0, db_default=0)
    quiet_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    quiet_zone = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)  # their own pause
    sound = models.CharField(max_length=5, choices=Sound, blank=True, default=Sound.NONE, db_default="")
    lists_reactions = models.BooleanField(default=True)  # those to their messages, in their inbox
    reactions_seen = models.PositiveBigIntegerField(default=0, editable=False)  # up to this one
    # Whether a code that was mailed to their address was entered. When the mail server refused the address.
    email_confirmed = models.BooleanField(default=False, editable=False)
    email_refused_at = models.DateTimeField(null=True, blank=True, editable=False)
    single_keys = models.BooleanField(default=True)  # whether keys without Ctrl or Alt do something
    # Where they signed out: an id, of a conversation that may be gone since.
    last_conversation = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    # The sections of their sidebar, as [id, name] in their order, and the keys of those that are folded. Each
    # page reads this row anyway (`inbox.sections`). `arrangement` goes up with each change of the sidebar.
    sections = models.JSONField(default=list, editable=False)
    folded_sections = models.JSONField(default=list, editable=False)
    arrangement = models.PositiveIntegerField(default=0, editable=False)
    # What they have typed and not sent, without the texts: [conversation, message or 0, version] of each
    # (`messages.drafting`). `drafts_version` goes up with each change of it.
    drafts = models.JSONField(default=list, editable=False)
    drafts_version = models.PositiveBigIntegerField(default=0, editable=False)
    first_steps = models.CharField(
        max_length=40, blank=True, editable=False
    )  # those left, see first_steps.py
    role = models.CharField(max_length=13, choices=Role, default=Role.MEMBER, editable=False)
    has_new_reports = models.BooleanField(default=False, editable=False)  # since they last saw the queue
    banned_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveBigIntegerField(default=0, editable=False)
    blocks_version = models.PositiveIntegerField(default=0, editable=False)  # 0: they never blocked anybody
    groups_version = models.PositiveIntegerField(default=0, editable=False)  # 0: they never were in a group
    external_id = models.CharField(max_length=200, unique=True, null=True, blank=True, editable=False)

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta(AbstractUser.Meta):
        indexes = [
            # The directory of people, by name.
            models.Index(by_name(), "id", condition=models.Q(is_active=True), name="people_by_name"),
            # `with_email`, on PostgreSQL. (SQLite compares by LIKE, which uses no index.)
            models.Index(Upper("email"), name="people_by_email"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def name(self) -> str:
        return self.display_name or self.username

    @property
    def initials(self) -> str:
        return profile.initials(self.name, self.username)

    @property
    def avatar_colour(self) -> int:
        """Which of the six avatar colours is theirs: by the id, so that a rename keeps it."""
        return (self.pk or 0) % AVATAR_COLOURS

    @property
    def avatar_name(self) -> str:
        """The name of the picture's file, which is different for every picture."""
        return (self.avatar.name or "").rpartition("/")[2]

    @property
    def current_status(self) -> str:
        """Their status at this moment; empty for somebody who is deactivated."""
        is_over = self.status_until is not None and self.status_until <= timezone.now()
        return self.status if self.is_active and not is_over else ""

    @property
    def zone(self) -> ZoneInfo | None:
        """Their time zone; None if they leave it to their browser."""
        return time_zones.zone_named(self.time_zone)

    @property
    def local_time(self) -> str:
        return time_zones.local_time(self.zone) if self.zone else ""

    @property
    def is_administrator(self) -> bool:
        """Whether they run the installation: its owners are administrators too."""
        return self.role in self.ADMINISTRATORS

    @property
    def is_guest(self) -> bool:
        return self.role == self.Role.GUEST

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def set_avatar(self, picture: bytes | None) -> None:
        """Set another picture, as `square_avatar` makes it; None removes it. To be saved by the caller."""
        self.avatar = ContentFile(picture, name="new") if picture else ""

    def clean(self) -> None:
        super().clean()
        self.display_name = profile.clean_name(self.display_name)

    def save(  # type: ignore[explicit-any] # Django's signature
        self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any
    ) -> None:
        """Save, with everything that follows from a change.

        A new name or picture raises `people_version`, so that no cached list shows the old one. A new
        password ends every session; the page on which people change their own then begins a new one. After a
        change of e-mail address, the password can be reset through the new address only.

        A new password, or deactivation, closes open pages elsewhere (`sessions_version`). Django's admin, in
        which everything can be read, is for owners: `is_staff` and `is_superuser` follow the role.

        Raises:
            Gone: they were deleted meanwhile. Django would insert them again.
        """
        self.display_name = profile.clean_name(self.display_name)
        if self._state.adding:
            if self.is_superuser and self.role == self.Role.MEMBER:
                self.role = self.Role.OWNER
            is_owner = self.role == self.Role.OWNER
            self.is_staff |= is_owner
            self.is_superuser = is_owner
            super().save(*args, update_fields=update_fields, **options)
            return
        written = set(WATCHED) if update_fields is None else set(WATCHED).intersection(update_fields)
        written -= self.get_deferred_fields()
        with transaction.atomic():
            this = User.objects.filter(pk=self.pk).select_for_update(no_key=True)
            before = get_or_gone(this.values(*WATCHED))
            if "role" in written and self.role != before["role"]:
                self.is_staff = self.is_superuser = self.role == self.Role.OWNER
                update_fields = update_fields and {*update_fields, "is_staff", "is_superuser"}
            super().save(*args, update_fields=update_fields, **options)
            follow_up(self, before, {field for field in written if before[field] != getattr(self, field)})

    def delete(self, *args: object, **options: object) -> tuple[int, dict[str, int]]:
        """Delete the person and everything that is theirs; see `messaging.models.accounts.erasure`.

        Raises:
            User.DoesNotExist: they were deleted already.
        """
        gone, labels = User.objects.filter(pk=self.pk).delete()
        if not gone:
            raise User.DoesNotExist("This person is gone.")
        self.pk = None
        return gone, labels

    delete.alters_data = True  # type: ignore[attr-defined]
