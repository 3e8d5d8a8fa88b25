"""Which notices are pushed to which browsers: for what was sent to the person, and is still unread.

`note_new` finds them, a few seconds after they were sent; `push_claims.claim` says what each contains.
Nothing is pushed twice: what a notice is about is stored before it is sent (`last`).
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Value
from django.utils import timezone

from messaging.models.db.insert_select import InsertFrom
from messaging.models.messages.notification import Notification
from messaging.models.people.push_subscription import PushSubscription
from messaging.models.site.push_setup import PushSetup

DELAY = timedelta(seconds=3)  # time to read a message that is in sight, and to mend a slip
SCANNED_AT_ONCE = 20_000  # notifications, by one call of `note_new`
PUT_OFF = timedelta(seconds=5)
MOST_TRIES = 8  # the last one is two hours after the first
FIRST_PAUSE_SECONDS, A_DAY = 30, 86_400


class PushNotice(models.Model):
    """The notices about one conversation in one browser, of which it shows only the newest.

    `last` is the id of the last notification that a notice was about. From `due_at` on there may be something
    to push; `tries` counts how often the push service did not take it.
    """

    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="notices")
    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="+")
    last = models.PositiveBigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["PushNotice"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "conversation"], name="one_push_notice"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="pushes_to_send"),
        ]

    def __str__(self) -> str:
        return f"Notices about {self.conversation}"


def due(now: datetime) -> models.QuerySet[PushNotice]:
    """The notices that are due, in the order in which they became due."""
    return PushNotice.objects.filter(due_at__lte=now).order_by("due_at", "pk")


def next_due() -> datetime | None:
    """When the next notice is due; None if nothing waits."""
    waiting = PushNotice.objects.filter(due_at__isnull=False).order_by("due_at")
    return waiting.values_list("due_at", flat=True).first()


def newest_notification() -> int:
    return Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def start_scanning() -> int:
    """To be called before a subscription is stored. Before the first one nothing is scanned.

    Returns:
        The id of the newest notification.
    """
    newest = newest_notification()
    if not PushSubscription.objects.exists():
        numbers = dict.fromkeys(("scanned_to", "rescan_to", "rescanned_to"), newest)
        PushSetup.objects.row().filter(scanned_to__lt=newest).update(**numbers)
    return newest


def forget_waiting() -> None:
    """After a backup was restored: push nothing of what is there, since it may have been pushed."""
    PushNotice.objects.filter(due_at__isnull=False).update(due_at=None, tries=0)
    numbers = ("scanned_to", "rescan_to", "rescanned_to")
    PushSetup.objects.row().update(**dict.fromkeys(numbers, newest_notification()))


def note_new() -> bool:
    """Scan the notifications that came since the last call, and mark what is to be pushed.

    Returns:
        Whether there are more to scan now.
    """
    if not PushSubscription.objects.exists():
        return False
    before, newest = PushSetup.objects.current().scanned_to, newest_notification()
    until = min(newest, before + SCANNED_AT_ONCE)
    if until <= before:
        return False
    with transaction.atomic():
        if not PushSetup.objects.row().filter(scanned_to=before).update(scanned_to=until):
            return True  # another process did it
        _note(before, until)
    return until < newest


def rescan() -> None:
    """To be called every minute: scan again what was scanned a minute ago.

    PostgreSQL gives an id when the row is written, not at the commit. So a notification may become visible
    only after one with a higher id was scanned.
    """
    with transaction.atomic():
        rows = PushSetup.objects.row()
        setup = rows.select_for_update(no_key=True).get()
        rows.update(rescanned_to=setup.rescan_to, rescan_to=setup.scanned_to)
        if setup.rescan_to > setup.rescanned_to:
            _note(setup.rescanned_to, setup.rescan_to)


def _note(before: int, until: int) -> None:
    new = Notification.objects.personal().filter(pk__gt=before, pk__lte=until, read_at=None)
    # Named, so that all of the query asks about the same browser.
    new = new.annotate(browser=FilteredRelation("user__push_subscriptions"))
    told = PushNotice.objects.filter(
        subscription=OuterRef("browser"), conversation=OuterRef("conversation"), last__gte=OuterRef("pk")
    )
    new = new.filter(~Exists(told), browser__since__lt=F("pk"))
    rows = new.values_list(
        "browser",
        "conversation",
        Value(0, output_field=models.PositiveBigIntegerField()),
        Value(timezone.now() + DELAY, output_field=models.DateTimeField()),
        Value(0, output_field=models.PositiveSmallIntegerField()),
    )
    columns = ("subscription_id", "conversation_id", "last", "due_at", "tries")
    InsertFrom(PushNotice, columns, rows.distinct().order_by(), columns[:2], ("due_at",)).execute()


def put_off(notice: PushNotice, before: int) -> None:
    """Schedule a claimed notice again, a few seconds later, since its push service is busy with others.

    The arguments are those of `retry_later`.
    """
    this = PushNotice.objects.filter(pk=notice.pk, last=notice.last)
    this.update(last=before, due_at=timezone.now() + PUT_OFF)


def retry_later(notice: PushNotice, before: int, retry_after: float) -> None:
    """Schedule another attempt for a notice that the push service certainly did not accept.

    It is made after 30 s, 1, 2, 4 … minutes, or when the push service says. Until then nothing is pushed to
    this browser.

    Args:
        notice: as it was claimed; a later notice is not undone.
        before: what `last` was before it.
        retry_after: in seconds, as the push service says; 0 if it does not.
    """
    this = PushNotice.objects.filter(pk=notice.pk, last=notice.last)
    if notice.tries >= MOST_TRIES:
        this.update(tries=0)
        return
    pause = timedelta(seconds=max(FIRST_PAUSE_SECONDS * 2**notice.tries, min(retry_after, A_DAY)))
    until = timezone.now() + pause
    PushSubscription.objects.filter(pk=notice.subscription_id).update(paused_until=until)
    this.update(last=before, due_at=until, tries=notice.tries + 1)
