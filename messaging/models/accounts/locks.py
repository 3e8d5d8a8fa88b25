"""Locks for changing a person's role, deactivating or banning them, and deleting one's own account."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.db.refusals import Gone, Refused
from messaging.models.people.user import User

FORBIDDEN = 403
SENTENCES = {
    "rights": _("Only owners can do this."),
    "yourself": _("You cannot do this to yourself."),
    "last_owner": _("There is no other owner. Make somebody else an owner first."),
    "leaving": _("This person is deleting their account."),
}


class Managed(NamedTuple):
    """Two rows as they are under the lock: the person concerned, and the one who acts."""

    person: User
    by: User


def refusal(code: str) -> Refused:
    return Refused(code, SENTENCES[code], FORBIDDEN)


@contextmanager
def managing(person: User, by: User) -> Iterator[Managed]:
    """Lock both people and all owners, so that changes of owners wait for each other.

    Raises:
        Refused: ("last_owner") if, after the block, there are other people but no active owner. Everything
            is rolled back.
        Gone: one of the two was deleted.
    """
    owners = Q(role=User.Role.OWNER, is_active=True)
    with transaction.atomic():
        locked = User.objects.filter(owners | Q(pk__in=[person.pk, by.pk])).order_by("pk")
        found = {one.pk: one for one in locked.select_for_update(no_key=True)}
        if not {person.pk, by.pk} <= found.keys():
            raise Gone
        was_owner = found[person.pk].role == User.Role.OWNER and found[person.pk].is_active
        yield Managed(found[person.pk], found[by.pk])
        others = User.objects.active().exclude(pk=person.pk)
        if was_owner and others.exists() and not User.objects.filter(owners).exists():
            raise refusal("last_owner")


def conversations_locked(user: User) -> AbstractContextManager[object]:
    """Lock all conversations that the person is in.

    A message that is being sent right now is either saved before the lock or refused after it. Open pages
    learn that the members changed.
    """
    return Conversation.objects.filter(memberships__user=user).writing(members_version=NEXT_VERSION)


def step_down(user: User) -> None:
    """Make an owner an ordinary member, before their account is deleted. Others keep their role.

    Raises:
        Refused: ("last_owner") they are the only owner, and others are left.
    """
    with managing(user, user) as (person, _):
        if person.role == User.Role.OWNER:
            person.role = User.Role.MEMBER
            person.save(update_fields=["role"])
    user.role = person.role
