"""The weekly digest: who wants it, when it is due, and that it is sent once a week or not at all.

What is in it is read when it is composed (`week.py`). Nothing is mailed twice: the day of a digest is stored
before it is sent (`last_on`), and the next one is for a day at least seven days later.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.inbox.missed_mail import MOST_TRIES, next_try, people_with_address
from messaging.models.people.quiet_hours import Weekday, quiet_until
from messaging.models.people.time_zones import validate_time_zone, zone_named
from messaging.models.people.user import User

MORNING: Final = 8  # o'clock
WEEK: Final = timedelta(days=7)
# How late a digest may be sent, if a quiet time or a failing mail server held it back. After that it is left
# out, and the next one comes on its day.
LATEST: Final = timedelta(days=3)
# No digest is due later than this, unless the machine's clock was wrong when that was decided.
IMPLAUSIBLE: Final = timedelta(days=15)
PLANNED: Final = ("last_on", "due_at", "tries")  # the columns that `plan` sets


class Digest(models.Model):
    """Somebody's weekly digest. The row stays when they want it no longer, so that choosing it again sends
    none twice.

    `zone` is that of the browser in which it was chosen, for people who have chosen none. `last_on` is the
    day for which the last one was sent, `due_at` is when the next one is (null: they want none), and `tries`
    counts how often the mail server did not take it.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest")
    is_wanted = models.BooleanField(default=True)
    day = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.MONDAY)
    hour = models.PositiveSmallIntegerField(default=MORNING, validators=[MaxValueValidator(23)])
    zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    last_on = models.DateField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager["Digest"]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="digests_to_send"),
        ]

    def __str__(self) -> str:
        return f"The weekly digest of {self.user}"

    @property
    def zone_used(self) -> ZoneInfo:
        """The time zone by which its day and hour go."""
        return self.user.zone or zone_named(self.zone) or ZoneInfo("UTC")

    def due_time_on(self, day: date) -> datetime:
        """When the digest for this day is due, in UTC."""
        return datetime.combine(day, time(self.hour), self.zone_used).astimezone(UTC)

    def plan(self, now: datetime) -> None:
        """Set when the next one is due: after now, and on a day at least seven days after the last one."""
        today = now.astimezone(self.zone_used).date()
        if self.last_on:
            self.last_on = min(self.last_on, today)  # the machine's clock may have been ahead
        first = max(today, self.last_on + WEEK) if self.last_on else today
        day = first + timedelta(days=(self.day - first.weekday()) % 7)
        if self.due_time_on(day) <= now:
            day += WEEK
        self.due_at, self.tries = self.due_time_on(day) if self.is_wanted else None, 0

    def latest_day(self, now: datetime) -> date:
        """The last of its days on which its hour has come."""
        today = now.astimezone(self.zone_used).date()
        day = today - timedelta(days=(today.weekday() - self.day) % 7)
        return day if self.due_time_on(day) <= now else day - WEEK

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be sent now. (`digests_to_send` has some that are not.)"""
        return bool(self.due_at and self.due_at <= now and self.may_send(self.latest_day(now), now))

    def may_send(self, day: date, now: datetime) -> bool:
        """Whether the digest for one of its days may still be sent, and was not."""
        return now <= self.due_time_on(day) + LATEST and not (self.last_on and day < self.last_on + WEEK)


@dataclass(frozen=True)
class DueDigest:
    """A digest to send now, with the `last_on` and `tries` that its row had before."""

    digest: Digest
    last_on: date | None
    tries: int

    @property
    def user(self) -> User:
        return self.digest.user

    def retry_later(self) -> None:
        """The mail was certainly not sent: try again, as with mails about missed messages."""
        if self.tries >= MOST_TRIES:
            return
        mine = Digest.objects.filter(
            pk=self.digest.pk, last_on=self.digest.last_on, due_at=self.digest.due_at
        )
        due_at, tries = next_try(self.tries)
        mine.update(last_on=self.last_on, due_at=due_at, tries=tries)

    def end(self) -> None:
        """The mail was sent. The next one has its own attempts: it was planned when this one was claimed."""


def digests_to_send() -> models.QuerySet[Digest]:
    """Which digests `claim_digest` is to be called for.

    Returns:
        Those that are due, in the order in which they became due; then those that are due later than any
        can be, to be planned anew.
    """
    now = timezone.now()
    due = Q(due_at__lte=now) | Q(due_at__gt=now + IMPLAUSIBLE)
    return Digest.objects.filter(due).order_by("due_at", "pk")


def claim_digest(pk: int) -> DueDigest | None:
    """Say that this digest is sent now, and plan the next one. Whatever happens to this process, it is not
    sent again.

    Returns:
        None if it is not to be sent: another process does it, the person can get no mails, it is too late,
        or it is quiet for them now. If that ends in time, it is due then.
    """
    now = timezone.now()
    with transaction.atomic():
        if not digests_to_send().filter(pk=pk).update(tries=F("tries")):  # which also locks the row
            return None
        digest = Digest.objects.select_related("user").get(pk=pk)
        due = DueDigest(digest, digest.last_on, digest.tries)
        day = digest.latest_day(now)
        until = quiet_until(digest.user, now)
        is_mailed = digest.is_due(now) and _can_get_mails(digest.user)
        if is_mailed and until is None:
            digest.last_on = day
        digest.plan(now)
        if is_mailed and until is not None and digest.may_send(day, until):
            digest.due_at = until
        digest.save(update_fields=PLANNED)
    return due if is_mailed and until is None else None


def _can_get_mails(user: User) -> bool:
    return people_with_address().filter(pk=user.pk).exists()


def choose_digest(user: User, *, is_wanted: bool, day: int, hour: int, zone: str) -> None:
    """Store whether and when the person wants a digest. It is planned anew if something has changed.

    Args:
        day: as `Weekday` counts them.
        hour: o'clock, from 0 to 23.
        zone: the name of their browser's time zone, if they have chosen none; else empty.
    """
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk).select_for_update(no_key=True).exists():
            return  # deleted meanwhile
        digest = Digest.objects.filter(user=user).first()
        if digest is None and not is_wanted:
            return
        digest = digest or Digest(user=user, is_wanted=False)
        wish = {"is_wanted": is_wanted, "day": day, "hour": hour, "zone": zone}
        if any(getattr(digest, name) != value for name, value in wish.items()):
            for name, value in wish.items():
                setattr(digest, name, value)
            digest.user = user
            digest.plan(timezone.now())
            digest.save()


def stop_digest(user: User) -> None:
    """The person wants no digest any more. One that is being sent now still arrives."""
    Digest.objects.filter(user=user).update(is_wanted=False, due_at=None, tries=0)


def plan_again(user: User) -> None:
    """The person's time zone has changed."""
    with transaction.atomic():
        for digest in Digest.objects.filter(user=user, is_wanted=True).select_for_update(no_key=True):
            digest.user = user
            digest.plan(timezone.now())
            digest.save(update_fields=PLANNED)


def skip_due_digests() -> None:
    """After a backup was restored or a site imported: what was due may have been sent, and counts as sent."""
    now = timezone.now()
    due = Q(due_at__lte=now) | Q(tries__gt=0) | Q(due_at=None)
    for digest in Digest.objects.filter(due, is_wanted=True).select_related("user").iterator():
        if digest.due_at:
            digest.last_on = digest.latest_day(now)
        digest.plan(now)
        digest.save(update_fields=PLANNED)


def _exported(user: User) -> list[dict[str, object]]:
    rows = Digest.objects.filter(user=user)
    return [
        {
            "wanted": one.is_wanted,
            "day": Weekday(one.day).name.lower(),
            "hour": one.hour,
            "time_zone": one.zone,
            "last": one.last_on and one.last_on.isoformat(),
        }
        for one in rows
    ]


register_person_part(PersonPart(Digest, "user", exported_as="weekly_digest", export=_exported))
