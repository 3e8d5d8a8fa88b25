"""Deciding about people: their role, deactivation, bans. Everything is written in the audit log.

Who may manage whom is in `people.roles`. One active owner is always left.
"""

from contextlib import nullcontext

from django.utils import timezone

from messaging.models.accounts.deletion import AccountDeletion
from messaging.models.accounts.locks import conversations_locked, managing, refusal
from messaging.models.people.roles import can_manage, roles_to_give
from messaging.models.people.user import User
from messaging.models.rooms.handover import hand_over_all
from messaging.models.site.audit_log import AuditEntry


def change_role(user: User, role: str, by: User) -> None:
    """Give the person another role. A new guest stays in their rooms, but administers none.

    Raises:
        Refused: `by` may not, or the person is the only owner.
        Gone: one of the two was deleted.
    """
    locks = conversations_locked(user) if role == User.Role.GUEST else nullcontext()
    with locks, managing(user, by) as (person, manager):
        if role not in roles_to_give(manager, person):
            raise refusal("rights")
        before = person.role
        if role != before:
            person.role = role
            person.save(update_fields=["role"])
            act = AuditEntry.Act.CHANGED_ROLE
            AuditEntry.objects.record(by, act, person=person, role=[before, role])
            if role == User.Role.GUEST:
                hand_over_all([person.pk], by)
    user.role = role


def deactivate(user: User, by: User) -> None:
    """Sign the person out everywhere, and do not let them sign in again. Their messages stay.

    Raises:
        Refused: `by` may not, the person is the only owner, or is deleting their account.
        Gone: one of the two was deleted.
    """
    with conversations_locked(user), managing(user, by) as (person, manager):
        if _set_active(person, False, manager):
            AuditEntry.objects.record(by, AuditEntry.Act.DEACTIVATED, person=person)
    user.is_active = False


def ban(user: User, by: User, with_messages: bool = False) -> AccountDeletion | None:
    """Deactivate the person for misbehaviour. What could bring them back ends too: the invitations that they
    made stop working, and nobody can register with their address.

    Args:
        with_messages: remove their messages in rooms and groups; that cannot be undone.

    Returns:
        The `AccountDeletion` that removes their messages, if wanted. The caller may run it; a task finishes
        it in any case.

    Raises:
        Refused, Gone: as `deactivate`.
    """
    with conversations_locked(user), managing(user, by) as (person, manager):
        _set_active(person, False, manager)
        now = timezone.now()
        User.objects.filter(pk=person.pk).update(banned_at=now)
        person.invitations.filter(revoked_at=None).update(revoked_at=now)
        person.invitations.erase_emails()
        AuditEntry.objects.record(by, AuditEntry.Act.BANNED, person=person, with_messages=with_messages)
        deletion = AccountDeletion.objects.start_message_removal(person) if with_messages else None
    user.is_active = False
    return deletion


def reactivate(user: User, by: User) -> None:
    """Let a deactivated or banned person sign in again. Raises what `deactivate` does."""
    with managing(user, by) as (person, manager):
        if _set_active(person, True, manager):
            AuditEntry.objects.record(by, AuditEntry.Act.REACTIVATED, person=person)
    user.is_active = True


def _set_active(person: User, is_active: bool, by: User) -> bool:
    """Under the lock: check the right, then activate or deactivate. Returns whether anything changed."""
    if not can_manage(by, person):
        raise refusal("yourself" if person == by else "rights")
    if AccountDeletion.objects.unfinished().filter(user=person, deletes_account=True).exists():
        raise refusal("leaving")
    if person.is_active == is_active and not (is_active and person.banned_at):
        return False
    person.is_active = is_active
    if is_active:
        person.banned_at = None
    person.save(update_fields=["is_active", "banned_at"])
    if not is_active:
        person.sessions.all().delete()
        hand_over_all([person.pk], by)
    return True
