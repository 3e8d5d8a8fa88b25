"""Creating, changing and deleting groups of people, and who is in them.

What administrators do is written into the audit log.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.db.refusals import Refused, get_or_gone
from messaging.models.people.changing_site import changing_site
from messaging.models.people.groups import GroupMembership, UserGroup, validate_handle
from messaging.models.people.user import User
from messaging.models.people.usernames import RESERVED
from messaging.models.site.audit_log import AuditEntry


def create_group(by: User, handle: str, name: str, is_open: bool = False) -> UserGroup:
    """Create a group without anybody in it.

    Raises:
        ValidationError: the handle has characters that are not allowed, or a group or a person has it.
    """
    group = UserGroup(handle=handle, name=name, is_open=is_open)
    with _naming(group, by):
        group.save()
        AuditEntry.objects.record(by, AuditEntry.Act.CREATED_GROUP, handle=handle)
    return group


def change_group(group: UserGroup, by: User, handle: str, name: str, is_open: bool) -> None:
    """Change what a group is called, and whether it is open. Messages keep the handle as it was typed.

    Raises:
        ValidationError: as `create_group`.
        Gone: it was deleted meanwhile.
    """
    with _changing(group) as stored:
        changes: dict[str, object] = {
            field: [before, value]
            for field, value in (("handle", handle), ("name", name), ("is_open", is_open))
            if (before := getattr(stored, field)) != value
        }
        stored.handle, stored.name, stored.is_open = handle, name, is_open
        if changes:
            with _naming(stored, by):
                stored.save()
                AuditEntry.objects.record(by, AuditEntry.Act.CHANGED_GROUP, None, None, **changes)


def delete_group(group: UserGroup, by: User) -> None:
    """Delete a group. Messages that mention it stay as they are.

    Raises:
        Gone: it was deleted already.
    """
    with _changing(group) as stored:
        people = list(stored.memberships.values_list("user", flat=True))
        stored.memberships.all().delete()
        _raise_versions(people)
        AuditEntry.objects.record(by, AuditEntry.Act.DELETED_GROUP, handle=stored.handle)
        stored.handle, stored.deleted_at = None, timezone.now()
        stored.save()


def add_to_group(group: UserGroup, people: Collection[User], by: User) -> None:
    """Add people who are not in the group yet.

    Raises:
        Gone: the group, or one of the people, was deleted meanwhile.
    """
    with _changing(group) as stored:
        for person in _add(stored, people):
            AuditEntry.objects.record(by, AuditEntry.Act.ADDED_TO_GROUP, person, handle=stored.handle)


def remove_from_group(group: UserGroup, person: User, by: User) -> None:
    """Remove somebody. Nothing happens if they are not in it.

    Raises:
        Gone: the group was deleted meanwhile.
    """
    with _changing(group) as stored:
        if _remove(stored, person):
            AuditEntry.objects.record(by, AuditEntry.Act.REMOVED_FROM_GROUP, person, handle=stored.handle)


def join_group(group: UserGroup, user: User) -> None:
    """Enter an open group.

    Raises:
        Refused: the group is not open, or the person is a guest.
        Gone: the group was deleted meanwhile.
    """
    with _changing(group) as stored:
        if not stored.is_open or user.is_guest:
            raise Refused("not_open")
        _add(stored, [user])


def leave_group(group: UserGroup, user: User) -> None:
    """Leave an open group. Raises as `join_group`."""
    with _changing(group) as stored:
        if not stored.is_open:
            raise Refused("not_open")
        _remove(stored, user)


@contextmanager
def _changing(group: UserGroup) -> Iterator[UserGroup]:
    """Lock a group. Raises Gone if it was deleted."""
    with transaction.atomic():
        yield get_or_gone(UserGroup.objects.all().existing().select_for_update(no_key=True), pk=group.pk)


@contextmanager
def _naming(group: UserGroup, by: User) -> Iterator[None]:
    """One at a time, so that two cannot take the same handle. Raises ValidationError."""
    with changing_site(by):
        validate_handle(group.handle or "")
        group.full_clean()
        if group.handle in RESERVED or User.objects.filter(username=group.handle).exists():
            taken = _("Somebody is called @%(handle)s. Choose another handle.")
            if group.handle in RESERVED:
                taken = _("@%(handle)s mentions everybody in a room. Choose another handle.")
            raise ValidationError({"handle": ValidationError(taken, "taken", {"handle": group.handle})})
        yield


def _add(group: UserGroup, people: Collection[User]) -> list[User]:
    """Returns those who were not in it."""
    there = set(group.memberships.values_list("user", flat=True))
    new = [person for person in people if person.pk not in there]
    User.objects.lock_to_add([person.pk for person in new])
    GroupMembership.objects.bulk_create(GroupMembership(group=group, user=person) for person in new)
    _raise_versions([person.pk for person in new])
    return new


def _remove(group: UserGroup, person: User) -> bool:
    gone, _by_model = group.memberships.filter(user=person).delete()
    _raise_versions([person.pk] if gone else [])
    return bool(gone)


def _raise_versions(people: Collection[int]) -> None:
    """The stylesheet of these people highlights other groups from now on."""
    User.objects.filter(pk__in=people).update(groups_version=F("groups_version") + 1)
