from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from messaging.models.accounts.moderation import Standing
from messaging.models.accounts.two_factor import SecondStep
from messaging.models.db.changes import tell
from messaging.models.db.text_match import contains
from messaging.models.people.avatars import delete_picture
from messaging.models.people.preferences import Preferring
from messaging.models.people.profile import Facing, clean_name
from messaging.models.people.status import Saying
from messaging.models.people.time_zones import Zoned
from messaging.models.site.installation import Installation

username_is_plain = RegexValidator(
    r"^[a-z0-9_.-]+\Z", "A username has small letters a–z, digits, and the signs _ . - only.", "username"
)

# A change of one of these is seen wherever the person is; of the others, where it has a consequence.
SHOWN = ("username", "display_name", "avatar")
WATCHED = (*SHOWN, "email", "password", "is_active", "role")


def by_name(person: str = "") -> Lower:
    """To order by the name that a person is shown by; `person` leads to them, as "user__"."""
    named = NullIf(f"{person}display_name", Value(""))
    return Lower(Coalesce(named, f"{person}username"))


class UserQuerySet(models.QuerySet["User"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Erase these people (`User.erase`), all or none. Who is gone already is passed over."""
        from messaging.models.accounts.erasure import erase_people

        gone = erase_people(self.values_list("pk", flat=True))
        return gone, {User._meta.label: gone}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Everybody; to a guest, who shares a conversation with them."""
        if not user.is_guest:
            return self.all()
        theirs = user.memberships.model.objects.filter(
            user=models.OuterRef("pk"), conversation__in=user.conversations.values("pk")
        )
        return self.filter(models.Q(pk=user.pk) | models.Q(models.Exists(theirs)))

    def called(self, words: str) -> "UserQuerySet":
        """Those whose name or username contains these words, whatever the case."""
        return self.filter(contains(words, "display_name", "username"))

    def by_name(self) -> "UserQuerySet":
        return self.order_by(by_name(), "pk")

    def moved(self) -> int:
        """Raise the `version` of these people: something changed in what their own frame shows."""
        tell(people=self.values_list("pk", flat=True))
        return self.update(version=F("version") + 1)

    def take(self, ids: Collection[int]) -> dict[int, str]:
        """Lock these people, whom the caller is about to give a place, and raise their `version`.

        Before the place is written: who is being erased is waited for, and is then found to be gone. The
        database would say so only at the commit, by an IntegrityError.

        Returns:
            How loud a room is to be for each, by their ids (`joining_level`).

        Raises:
            User.DoesNotExist: one of them was erased.
        """
        people = self.filter(pk__in=ids)
        locked = people.order_by("pk").select_for_update(no_key=True)
        levels = dict(locked.values_list("pk", "joining_level"))
        if len(levels) < len(ids):
            raise User.DoesNotExist("This person is gone.")
        tell(people=levels)
        people.update(version=F("version") + 1)
        return levels


class PeopleManager(UserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's `create_user` and our QuerySet."""

    def create_superuser(self, *args: Any, **fields: Any) -> "User":
        """An owner: whoever has a shell on the machine owns the installation."""
        person: User = super().create_superuser(*args, **{"role": User.Role.OWNER, **fields})
        return person


class User(Facing, Standing, SecondStep, Saying, Zoned, Preferring, AbstractUser):
    """A person. Told apart by their username, shown by their display name."""

    class Role(models.TextChoices):
        """What the person may do in this installation; in a room, `Membership.role` says it."""

        OWNER = "owner"
        ADMINISTRATOR = "administrator"
        MEMBER = "member"
        GUEST = "guest"

    ADMINISTRATORS = (Role.OWNER, Role.ADMINISTRATOR)  # who run the installation

    class Theme(models.TextChoices):
        SYSTEM = "system", "As on this device"
        LIGHT = "light"
        DARK = "dark"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        max_length=64,
        unique=True,
        validators=[username_is_plain],
        error_messages={"unique": "This username is taken."},
        help_text="Small letters a–z, digits, and the signs _ . -",
    )
    role = models.CharField(max_length=13, choices=Role, default=Role.MEMBER, editable=False)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    version = models.PositiveBigIntegerField(default=0, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    blocks_version = models.PositiveIntegerField(default=0, editable=False)  # none was ever put up, if 0
    banned_at = models.DateTimeField(null=True, blank=True, editable=False)
    external_id = models.CharField(max_length=200, unique=True, null=True, blank=True, editable=False)

    objects: ClassVar[PeopleManager] = PeopleManager()

    def __str__(self) -> str:
        return self.username

    @property
    def is_administrator(self) -> bool:
        """Whether they run the installation: its owners are administrators too."""
        return self.role in self.ADMINISTRATORS

    @property
    def is_guest(self) -> bool:
        return self.role == self.Role.GUEST

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Save, with what follows from it.

        A new name or picture raises `people_version`, so that no cached list shows the old one. A new
        password ends every session (a flow that changes one's own begins the present one anew). After a
        change of address a password can be reset by the new one only.

        A new password, or not to be active any more, ends what is open elsewhere (`sessions_version`).
        Django's admin, in which everything can be read, is the owners': `is_staff` and `is_superuser` follow
        the role.

        Raises:
            User.DoesNotExist: they were erased meanwhile. Django would insert them again.
        """
        self.display_name = clean_name(self.display_name)
        if self._state.adding:
            if self.is_superuser and self.role == self.Role.MEMBER:
                self.role = self.Role.OWNER
            is_owner = self.role == self.Role.OWNER
            self.is_staff |= is_owner
            self.is_superuser = is_owner
            super().save(*args, update_fields=update_fields, **options)
            return
        from allauth.account.models import EmailAddress

        written = set(WATCHED) if update_fields is None else set(WATCHED).intersection(update_fields)
        written -= self.get_deferred_fields()
        with transaction.atomic():
            this = User.objects.filter(pk=self.pk).select_for_update(no_key=True)
            before = this.values(*WATCHED).get()
            if "role" in written and self.role != before["role"]:
                self.is_staff = self.is_superuser = self.role == self.Role.OWNER
                update_fields = update_fields and {*update_fields, "is_staff", "is_superuser"}
            super().save(*args, update_fields=update_fields, **options)
            changed = {field for field in written if before[field] != getattr(self, field)}
            if changed.intersection(SHOWN):
                Installation.objects.people_changed()
            if "avatar" in changed:
                delete_picture(before["avatar"])
            if "password" in changed:
                self.sessions.all().delete()
            if changed.intersection(("password", "is_active")):
                Installation.objects.session_ended()
            if "email" in changed:
                EmailAddress.objects.filter(user=self).exclude(email__iexact=self.email).delete()

    def erase(self) -> None:
        """Delete the person and every word of theirs; see `messaging.models.accounts.erasure`.

        Raises:
            User.DoesNotExist: they were erased already.
        """
        from messaging.models.accounts.erasure import erase_people

        if not erase_people([self.pk]):
            raise User.DoesNotExist("This person is gone.")
        self.pk = None

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """The same as `erase()`, with the answer that Django's `delete()` gives."""
        self.erase()
        return 1, {self._meta.label: 1}

    delete.alters_data = True  # type: ignore[attr-defined]
