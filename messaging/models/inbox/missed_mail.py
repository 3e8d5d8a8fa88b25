"""Which messages a person has missed, so that a mail tells them: what was for them, and is still unread.

`note_missed` finds them some minutes after they were sent, `claim` says what one mail contains. Nothing is
mailed twice: what a mail contains is stored before it is sent (`last`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from messaging.models.conversations.membership import Membership
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.inbox.delivery import Loudness, Situation, decide
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.models.inbox.why import Cause, NotifiedMessage, causes_of
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.people.preferences import MissedMails
from messaging.models.people.quiet_hours import quiet_until
from messaging.models.people.user import User
from messaging.models.site.installation import Installation

LOOKED_AT = 20_000  # notifications, by one call of `note_missed`
IN_ONE_MAIL = 20  # messages
MOST_TRIES = 10


class MissedMail(models.Model):
    """The mails to a person about one conversation.

    `last` is the id of the last notification that a mail was about; at first, of the last one that was looked
    at before there was anything to mail. From `due_at` on there may be something to mail; `tries` counts how
    often the mail server did not take it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="missed_mails")
    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="+")
    last = models.PositiveBigIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)  # how many were sent
    due_at = models.DateTimeField(null=True, default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["MissedMail"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "conversation"], name="one_missed_mail"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="mails_to_send"),
        ]

    def __str__(self) -> str:
        return f"Mails to {self.user} about {self.conversation}"


@dataclass(frozen=True)
class Missed:
    """What one mail is about: the newest `messages`, in their order, and how many `more` there are before."""

    mail: MissedMail
    before: int  # `mail.last` before this mail
    entry: SidebarEntry
    messages: list[Message]
    more: int
    causes: list[Cause]  # why each of the messages is for the person

    @property
    def user(self) -> User:
        return self.mail.user

    def retry_later(self) -> None:
        """The mail was certainly not sent: try again after 1, 2, 4 … minutes, ten times within a day."""
        if self.mail.tries >= MOST_TRIES:
            self.end()
            return
        mine = MissedMail.objects.filter(pk=self.mail.pk, last=self.mail.last)
        due_at, tries = next_try(self.mail.tries)
        mine.update(last=self.before, mails=self.mail.mails - 1, due_at=due_at, tries=tries)

    def end(self) -> None:
        """The mail was sent, or given up: the next one has its own attempts."""
        if self.mail.tries:
            MissedMail.objects.filter(pk=self.mail.pk).update(tries=0)


def next_try(tries: int) -> tuple[datetime, int]:
    """When a mail that the server did not take is tried again, and its number of tries then."""
    return timezone.now() + timedelta(minutes=2**tries), tries + 1


def mails_to_send() -> models.QuerySet[MissedMail]:
    """The mails that are due, in the order in which they became due."""
    return MissedMail.objects.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")


def note_missed(now: datetime) -> bool:
    """Find people with unread messages that were sent some minutes ago, and mark their mails as due.

    `Installation.mailed_to` is how far the notifications were looked at. The first call looks at none, so
    that nobody gets mails about what was there before a mail server was.

    Returns:
        Whether there are more notifications to look at now.
    """
    installation = Installation.objects.current()
    sent = Notification.objects.filter(created_at__lte=now - timedelta(minutes=installation.mail_minutes))
    newest = sent.order_by("-pk").values_list("pk", flat=True).first() or 0
    before = installation.mailed_to
    until = newest if before is None else min(newest, before + LOOKED_AT)
    if before is not None and until <= before:
        return False
    with transaction.atomic():
        if not Installation.objects.row().filter(mailed_to=before).update(mailed_to=until):
            return False  # another process did it
        if before is not None:
            _note(Notification.objects.personal().filter(pk__gt=before, pk__lte=until, read_at=None), before)
    return until < newest


def forget_missed() -> None:
    """After a backup was restored: mail nobody about what is there, since its mails may have been sent."""
    MissedMail.objects.filter(due_at__isnull=False).update(due_at=None)
    Installation.objects.row().update(mailed_to=None)


def _note(unread: models.QuerySet[Notification], before: int) -> None:
    # Those that wait for the end of a quiet time go on waiting: they are looked at then.
    same = MissedMail.objects.filter(user=OuterRef("user"), conversation=OuterRef("conversation"))
    waits = Exists(same.filter(due_at__gt=timezone.now(), tries=0))
    wanted = unread.filter(~waits, user__in=people_to_mail()).values_list("user", "conversation")
    MissedMail.objects.bulk_create(
        [MissedMail(user_id=user, conversation_id=pk, last=before) for user, pk in wanted.distinct()],
        update_conflicts=True,
        unique_fields=["user", "conversation"],
        update_fields=["due_at"],
    )


def people_with_address() -> models.QuerySet[User]:
    """Who can get mails. A mistyped address would tell a stranger, so it is confirmed."""
    return User.objects.filter(is_active=True, email_confirmed=True, email_refused_at=None)


def people_to_mail() -> models.QuerySet[User]:
    """Who gets mails about missed messages."""
    return people_with_address().exclude(missed_mails_are=MissedMails.OFF)


def gets_mails(user: User) -> bool:
    """Whether this person gets mails about missed messages, on this site."""
    wants = user.is_active and user.missed_mails_are != MissedMails.OFF
    return bool(settings.HAS_MAIL_SERVER and wants and user.email_confirmed and not user.email_refused_at)


def claim(pk: int) -> Missed | None:
    """What is to be mailed, as it is now. It will not be mailed again, whatever happens to this process.

    Returns:
        None if everything was read meanwhile, or the person may not see it or does not want mails any more;
        or not now: then it is due when their quiet time is over.
    """
    with transaction.atomic():
        if not MissedMail.objects.filter(pk=pk, due_at__isnull=False).update(due_at=None):
            return None  # which also locked the row
        mail = MissedMail.objects.select_related("user").get(pk=pk)
        if not people_to_mail().filter(pk=mail.user_id).exists():
            return None
        until = quiet_until(mail.user, timezone.now())
        unread = _unread(mail, is_quiet=until is not None)
        if until:  # then the rows are read
            if unread.exists():
                MissedMail.objects.filter(pk=pk).update(due_at=until)
            return None
        of_messages = list(unread.order_by("message").values_list("pk", "message", "reason"))
        entry = sidebar_of(mail.user).entries.get(mail.conversation_id) if of_messages else None
        if entry is None:
            return None
        before, mail.last = mail.last, max(pk for pk, *_row in of_messages)
        mail.mails += 1
        mail.save(update_fields=["last", "mails"])
        shown = {message: reason for _pk, message, reason in of_messages[-IN_ONE_MAIL:]}
        found = Message.rows.filter(pk__in=shown, removed_at=None).select_related("sender").order_by("pk")
        messages = list(found)
        causes = causes_of([NotifiedMessage(mail.user_id, one, shown[one.pk]) for one in messages])
        more = len(of_messages) - len(shown)
        return Missed(mail, before, entry, messages, more, [causes[mail.user_id, one.pk] for one in messages])


def _unread(mail: MissedMail, is_quiet: bool) -> models.QuerySet[Notification]:
    """The notifications that the mail may be about: now, or if it is quiet, afterwards."""
    mine = Membership.objects.filter(user=mail.user_id, conversation=mail.conversation_id)
    level = mine.values_list("notification_level", flat=True).first()
    unread: models.QuerySet[Notification] = mail.user.notifications.personal().filter(
        conversation=mail.conversation_id, read_at=None, pk__gt=mail.last
    )
    if level is None:  # they have left it
        return unread.none()
    return unread.filter(reason__in=mailed_reasons(level, is_quiet))


def mailed_reasons(level: str, is_quiet: bool = False) -> Collection[str]:
    """The reasons of notifications of which a mail tells, at a notification level: now, or if it is quiet,
    afterwards."""
    situations = [Situation(reason, level, is_quiet=is_quiet) for reason in Notification.Reason]
    decisions = {one.reason: decide(one) for one in situations}
    return [reason for reason, one in decisions.items() if one.mails or one == Loudness.AFTERWARDS]


def mail_at_once(user: User) -> None:
    """The person's quiet time has changed: look again at the mails that waited for its end."""
    now = timezone.now()
    MissedMail.objects.filter(user=user, due_at__gt=now, tries=0).update(due_at=now)


register_person_part(PersonPart(MissedMail, "user", why_not_exported="They count what was mailed, no more."))
