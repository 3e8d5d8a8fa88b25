"""The link to unsubscribe from mails about missed messages. It needs no sign-in, and can do nothing else."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from messaging.models import User
from messaging.models.people.preferences import MissedMails

SALT = "messaging.mailing.unsubscribing"


def link_for(user: User) -> str:
    token = signing.Signer(salt=SALT).sign(str(user.pk))
    return f"{settings.PARLEY_URL}{reverse('missed_mails_off', args=[token])}"


def person_of(token: str) -> User | None:
    """The person whose link has this token. None if it is invalid, or the account deleted or deactivated."""
    try:
        pk = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=int(pk), is_active=True).first()


def unsubscribe(user: User) -> None:
    User.objects.filter(pk=user.pk).update(missed_mails_are=MissedMails.OFF)
