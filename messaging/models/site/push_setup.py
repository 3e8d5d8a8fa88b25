"""What the site needs to push: its key (RFC 8292), and how far notifications were looked at."""

from base64 import urlsafe_b64encode
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import models
from django.utils import timezone


def new_private_key() -> str:
    """A private key of the curve P-256: its 32 bytes, base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


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

    `looked_to` is the id of the last notification that was looked at. Notifications up to `looked_again_to`
    were looked at twice, and those up to `to_look_again` are next.
    """

    THE_ONE = 1

    private_key = models.CharField(max_length=50, default=new_private_key, editable=False)
    looked_to = models.PositiveBigIntegerField(default=0)
    to_look_again = models.PositiveBigIntegerField(default=0)
    looked_again_to = models.PositiveBigIntegerField(default=0)
    # Since when, and why, push services refuse this site (not one browser).
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=80, blank=True)

    objects: ClassVar[PushSetupManager] = PushSetupManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_push_setup")]

    def __str__(self) -> str:
        return "Push notifications"
