"""The second factor at sign-in: passkeys, codes from an app, recovery codes. The rows are allauth's."""

from allauth.mfa.models import Authenticator

from messaging.models.accounts.locks import managing, refusal
from messaging.models.people.roles import can_manage
from messaging.models.people.user import User
from messaging.models.site.audit_log import AuditEntry


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user).exists())


def reset(user: User, by: User) -> None:
    """Delete all passkeys, codes and recovery codes of somebody who lost them, and sign them out everywhere:
    they sign in by their password alone. Nothing happens to somebody who has none.

    Raises:
        Refused: `by` may not manage them.
        Gone: one of the two was deleted.
    """
    with managing(user, by) as (person, manager):
        if not can_manage(manager, person):
            raise refusal("yourself" if person == manager else "rights")
        gone, _ = Authenticator.objects.filter(user=person).delete()
        if gone:
            person.sessions.all().delete()
            AuditEntry.objects.record(by, AuditEntry.Act.RESET_TWO_FACTOR, person=person)
