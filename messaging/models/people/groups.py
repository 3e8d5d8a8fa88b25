"""Groups of people, who can be mentioned at once by `@handle`."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.people.user import User

HANDLE_LENGTH = 40
NAME_LENGTH = 80
validate_handle = RegexValidator(
    r"^[a-z0-9_.-]*[a-z0-9_]\Z",
    _("A handle has only lowercase letters a–z, digits, and _ . -, and ends with a letter, a digit or _"),
    "handle",
)


class UserGroupQuerySet(models.QuerySet["UserGroup"]):
    def existing(self) -> "UserGroupQuerySet":
        return self.filter(deleted_at=None)

    def visible_to(self, user: User) -> "UserGroupQuerySet":
        """All of them; for a guest only those with somebody whom they may see."""
        if not user.is_guest:
            return self.all()
        visible = User.objects.visible_to(user).values("pk")
        return self.filter(pk__in=GroupMembership.objects.filter(user__in=visible).values("group"))


class UserGroup(models.Model):
    """A group of people. The row of a deleted one stays, so that messages that mention it lead to a page that
    says so; its handle is free again.
    """

    handle = models.CharField(
        max_length=HANDLE_LENGTH,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_handle],
        error_messages={"unique": _("There is a group with this handle already.")},
    )
    name = models.CharField(max_length=NAME_LENGTH)
    is_open = models.BooleanField(default=False)  # whether people may join and leave it themselves
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="GroupMembership", related_name="people_groups"
    )

    objects: ClassVar[models.Manager["UserGroup"]] = models.Manager.from_queryset(UserGroupQuerySet)()

    def __str__(self) -> str:
        return self.name


class GroupMembership(models.Model):
    """That a person is in a group."""

    group = models.ForeignKey(UserGroup, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships"
    )
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["GroupMembership"]] = models.Manager()

    class Meta:
        constraints = [
            # The group first, so that it also finds who is in it.
            models.UniqueConstraint(fields=["group", "user"], name="one_group_membership"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.group}"


def _exported(user: User) -> list[dict[str, object]]:
    rows = user.group_memberships.select_related("group").order_by("pk")
    return [
        {"handle": row.group.handle, "name": row.group.name, "since": row.since.isoformat()} for row in rows
    ]


register_person_part(PersonPart(GroupMembership, "user", exported_as="groups", export=_exported))
