"""The link that ends the mails about missed messages. It works signed out, and does nothing else."""

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
    """Whose link it is; None if it is not one of ours, or the account is gone."""
    try:
        pk = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=int(pk), is_active=True).first()


def unsubscribe(user: User) -> None:
    User.objects.filter(pk=user.pk).update(missed_mails_are=MissedMails.OFF)
