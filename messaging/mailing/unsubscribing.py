"""The links to unsubscribe from mails. They need no sign-in; each ends one kind of mails, and can do nothing
else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from messaging.models import User
from messaging.models.inbox.digest import stop_digest
from messaging.models.people.preferences import MissedMails


@dataclass(frozen=True)
class Subscription:
    """A kind of mails.

    Attributes:
        salt: makes its tokens useless for others.
        url_name: that of the page of its links.
        end: ends it for a person.
    """

    salt: str
    url_name: str
    end: Callable[[User], None]

    def link_for(self, user: User) -> str:
        token = signing.Signer(salt=self.salt).sign(str(user.pk))
        return f"{settings.PARLEY_URL}{reverse(self.url_name, args=[token])}"

    def headers_for(self, user: User) -> dict[str, str]:
        """The headers by which mail programs offer to unsubscribe (RFC 8058); and that a program wrote the
        mail, so that no "out of office" comes back (RFC 3834)."""
        return {
            "List-Unsubscribe": f"<{self.link_for(user)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }

    def person_of(self, token: str) -> User | None:
        """The person whose link has this token. None if it is invalid, or the account deleted or
        deactivated."""
        try:
            pk = signing.Signer(salt=self.salt).unsign(token)
        except signing.BadSignature:
            return None
        return User.objects.filter(pk=int(pk), is_active=True).first()


def _end_missed(user: User) -> None:
    User.objects.filter(pk=user.pk).update(missed_mails_are=MissedMails.OFF)


MISSED: Final = Subscription("messaging.mailing.unsubscribing", "missed_mails_off", _end_missed)
DIGEST: Final = Subscription("messaging.mailing.unsubscribing.digest", "digest_off", stop_digest)
