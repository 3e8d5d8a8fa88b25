"""Taking a person's ways to sign in away, as an administrator: their second factor, or their identities."""

from django.db.models import Model, QuerySet

from messaging.models.accounts.locks import managing, refusal
from messaging.models.people.roles import can_manage
from messaging.models.people.user import User
from messaging.models.site.audit_log import AuditEntry


def take_away(ways: QuerySet[Model], user: User, by: User, act: AuditEntry.Act) -> None:
    """Delete those of the rows that are the person's, and sign them out everywhere. Nothing happens to
    somebody who has none.

    Args:
        act: how the audit log calls it.

    Raises:
        Refused: `by` may not manage them.
        Gone: one of the two was deleted.
    """
    with managing(user, by) as (person, manager):
        if not can_manage(manager, person):
            raise refusal("yourself" if person == manager else "rights")
        gone, _rows = ways.filter(user=person).delete()
        if gone:
            person.sessions.all().delete()
            AuditEntry.objects.record(by, act, person=person)
