"""Reports: somebody tells those who moderate that a message should not be there.

A report keeps the message as it was when it was reported, whatever happens to it afterwards. This file has
the rows, who may see them, and how long they are kept; `reporting.py` makes them and decides about them.
"""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.permissions import can_moderate
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.db.tasks import task
from messaging.models.people.user import User

KEPT = timedelta(days=90)  # after the decision
NOTE_LENGTH = 500


class ReportQuerySet(models.QuerySet["Report"]):
    def to_review_by(self, user: User) -> "ReportQuerySet":
        """Those that the person may decide: of a room, its moderators; of any conversation, the site's
        administrators. Nobody decides about their own message."""
        there = Conversation.objects.filter(can_moderate(user)).order_by().values("pk")
        is_theirs = Q() if user.is_administrator else Q(conversation__in=there)
        return self.filter(is_theirs).exclude(author=user)

    def open(self) -> "ReportQuerySet":
        return self.filter(decided_at=None)


class Report(models.Model):
    """A reported message, as it was. It is deleted with the account of the message's author,
    and with the conversation.

    `about` is the id of the message. It is no foreign key: if the message is removed, the report stays until
    it is decided, and for `KEPT` afterwards.
    """

    class Reason(models.TextChoices):
        HARASSMENT = "harassment", _("It insults or threatens somebody")
        PRIVATE = "private", _("It shows something private")
        SPAM = "spam", _("It is advertising or fraud")
        RULES = "rules", _("It breaks the rules of this team")
        OTHER = "other", _("Something else")

    class Decision(models.TextChoices):
        """What was done, as the reporter reads it."""

        NOTHING = "nothing", _("Nothing had to be done")
        WARNED = "warned", _("The author was warned")
        REMOVED = "removed", _("The message was removed")
        DEACTIVATED = "deactivated", _("The author’s account was deactivated")

    about = models.PositiveBigIntegerField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reports", db_index=False
    )
    text = models.TextField()
    file_names = models.JSONField(default=list)
    sent_at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=11, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Report"]] = models.Manager.from_queryset(ReportQuerySet)()

    class Meta:
        constraints = [
            # Also finds a person's own reports.
            models.UniqueConstraint(
                fields=["reporter", "about"], condition=Q(decided_at=None), name="one_open_report"
            ),
        ]
        indexes = [
            # The list of a person's own reports, and the queue: what waits, the oldest first.
            models.Index(fields=["reporter", "-at"], name="reports_of_person"),
            models.Index(fields=["at"], condition=Q(decided_at=None), name="reports_that_wait"),
        ]

    def __str__(self) -> str:
        return f"report of message {self.about} by {self.reporter}"

    @property
    def is_open(self) -> bool:
        return self.decided_at is None


def reviews_reports(user: User) -> bool:
    """Whether the person can have reports to decide: as an administrator, or as a moderator of some room."""
    return user.is_administrator or Membership.objects.moderating().filter(user=user).exists()


def reviewers_of(report: Report) -> models.QuerySet[User]:
    """The active people who may decide this report."""
    there = Membership.objects.moderating().filter(conversation=report.conversation_id)
    in_room = Q(pk__in=there.values("user")) if report.conversation.is_room else Q(pk=None)
    run_the_site = Q(role__in=User.ADMINISTRATORS)
    return User.objects.active().filter(in_room | run_the_site).exclude(pk=report.author_id)


def clear_notes_of_deleted_reporters() -> None:
    """Delete the notes of reporters whose accounts were deleted; their reports stay."""
    Report.objects.filter(reporter=None).exclude(note="").update(note="")


@task()
def delete_decided_reports() -> None:
    """Periodic: delete reports that were decided long ago, with the text that they keep."""
    Report.objects.filter(decided_at__lt=timezone.now() - KEPT).delete()


def _exported(user: User) -> list[dict[str, object]]:
    rows = user.reports.order_by("pk").values("about", "at", "reason", "note", "decision", "decided_at")
    return [{**row} for row in rows]


register_person_part(PersonPart(Report, "reporter", exported_as="reports", export=_exported))
for column in ("author", "decided_by"):
    register_person_part(
        PersonPart(Report, column, why_not_exported="It would tell who reported whom, and who decided.")
    )
