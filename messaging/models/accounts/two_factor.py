"""The second factor at sign-in: passkeys, codes from an app, recovery codes. The rows are allauth's."""

from allauth.mfa.models import Authenticator

from messaging.models.accounts.ways_in import take_away
from messaging.models.people.user import User
from messaging.models.site.audit_log import AuditEntry


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user).exists())


def reset(user: User, by: User) -> None:
    """Delete all passkeys, codes and recovery codes of somebody who lost them, and sign them out everywhere:
    they sign in by their password alone. Raises what `take_away` does."""
    take_away(Authenticator.objects.all(), user, by, AuditEntry.Act.RESET_TWO_FACTOR)
