from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from messaging.models.db.refusals import get_or_gone
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.db.tokens import hashed
from messaging.models.people.sessions import Session
from messaging.models.people.user import User

MOST_OF_PERSON = 20  # browsers; a new one replaces the oldest


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def not_present_until(self, when: datetime) -> "PushSubscriptionQuerySet":
        """Exclude subscriptions whose owner is known to be present until `when`."""
        return self.exclude(present_until__gt=when)


class PushSubscription(models.Model):
    """A browser that wants notices: where to push them (RFC 8030), and the keys that encrypt them (RFC 8291).

    It belongs to the session in which it was made, and goes with it. Only notifications with an id above
    `since` are pushed. Until `present_until` the person looks at a page somewhere. `failure` says what the
    push service answered last, if it took nothing since `failed_at`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000)
    endpoint_hash = models.CharField(max_length=64, unique=True)  # so that the index is small
    public_key = models.CharField(max_length=100)  # `p256dh`, base64url
    secret = models.CharField(max_length=40)  # `auth`, base64url
    device = models.CharField(max_length=80)
    since = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    present_until = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=80, blank=True)

    objects: ClassVar[models.Manager["PushSubscription"]] = models.Manager.from_queryset(
        PushSubscriptionQuerySet
    )()

    def __str__(self) -> str:
        return f"{self.device} of {self.user}"


def subscribe(user: User, session_key: str, keys: tuple[str, str, str], device: str, since: int) -> bool:
    """Store a browser's subscription.

    If it is known, its keys, session and device are updated; if it was somebody else's, it is replaced.

    Args:
        keys: its endpoint, `p256dh` and `auth`.
        since: the id of the newest notification: nothing older is pushed to a new subscription.

    Returns:
        Whether it is new to this person.

    Raises:
        Gone: the session has ended meanwhile.
    """
    try:
        return _store(user, session_key, keys, device, since)
    except IntegrityError:  # another request stored this endpoint meanwhile
        return _store(user, session_key, keys, device, since)


def _store(user: User, session_key: str, keys: tuple[str, str, str], device: str, since: int) -> bool:
    endpoint, public_key, secret = keys
    values = {"session_id": session_key, "public_key": public_key, "secret": secret, "device": device}
    with transaction.atomic():
        get_or_gone(Session.objects.select_for_update(no_key=True), pk=session_key)
        this = PushSubscription.objects.filter(endpoint_hash=hashed(endpoint))
        mine = this.filter(user=user)
        if mine.exists():
            if not mine.filter(**values).exists():
                mine.update(**values)
            return False
        this.delete()
        PushSubscription.objects.create(
            user=user, endpoint=endpoint, endpoint_hash=hashed(endpoint), since=since, **values
        )
        kept = user.push_subscriptions.order_by("-pk").values_list("pk", flat=True)[:MOST_OF_PERSON]
        user.push_subscriptions.exclude(pk__in=list(kept)).delete()
        return True


def is_known(user: User, endpoint: str) -> bool:
    """Whether this is the endpoint of a subscription of the person."""
    return user.push_subscriptions.filter(endpoint_hash=hashed(endpoint)).exists()


register_person_part(
    PersonPart(
        PushSubscription,
        "user",
        exported_as="browsers_with_push",
        export=lambda user: [
            {"browser": one.device, "since": one.created_at} for one in user.push_subscriptions.all()
        ],
    )
)
