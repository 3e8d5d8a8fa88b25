"""What the site needs to push: its key (RFC 8292), and how far notifications were scanned."""

from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import models
from django.utils import timezone

from messaging.models.db.base64url import encoded


def new_private_key() -> str:
    """A private key of the curve P-256: its 32 bytes, base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encoded(number.to_bytes(32, "big"))


class PushSetupManager(models.Manager["PushSetup"]):
    def current(self) -> "PushSetup":
        return self.get(pk=PushSetup.THE_ONE)

    def make_sure_it_exists(self) -> None:
        """Called after each migration (`messaging.apps`)."""
        self.get_or_create(pk=PushSetup.THE_ONE)

    def row(self) -> models.QuerySet["PushSetup"]:
        return self.filter(pk=PushSetup.THE_ONE)

    def note_failure(self, failure: str) -> None:
        """The push services refuse this site: site settings show since when, and what they last said."""
        first = self.current().failed_at or timezone.now()
        self.row().update(failed_at=first, failure=failure[:80])

    def note_success(self) -> None:
        self.row().exclude(failed_at=None).update(failed_at=None, failure="")


class PushSetup(models.Model):
    """One row. The key is in the database, since browsers subscribe to this key and their subscriptions are
    there: a copy of the database, restored anywhere, still reaches them.

    Notifications up to `scanned_to` were scanned once, those up to `rescanned_to` twice; those up to
    `rescan_to` are the next to be scanned again.
    """

    THE_ONE = 1

    private_key = models.CharField(max_length=50, default=new_private_key, editable=False)
    scanned_to = models.PositiveBigIntegerField(default=0)
    rescan_to = models.PositiveBigIntegerField(default=0)
    rescanned_to = models.PositiveBigIntegerField(default=0)
    # Since when, and why, push services refuse this site (not one browser).
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=80, blank=True)

    objects: ClassVar[PushSetupManager] = PushSetupManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_push_setup")]

    def __str__(self) -> str:
        return "Push notifications"
