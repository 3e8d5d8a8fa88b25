"""The end of an import: what follows from all rows. Counters, tasks that wait for a time, the audit log."""

from typing import Final

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Exists, Max, OuterRef

from messaging.archive.site.nouns import FIRST, LAST, MESSAGES
from messaging.models import (
    Attachment,
    AuditEntry,
    Block,
    Draft,
    GroupMembership,
    Installation,
    Poll,
    PollChoice,
    Reaction,
    Reminder,
    ScheduledMessage,
    User,
)
from messaging.models.inbox.digest import skip_due_digests
from messaging.models.inbox.missed_mail import forget_missed
from messaging.models.inbox.push_notice import forget_waiting
from messaging.models.inbox.reminders import remind_when_due
from messaging.models.messages.drafting import list_again
from messaging.models.messages.keywords import renew_key
from messaging.models.messages.pdf_pages import prepare_page
from messaging.models.messages.poll_ends import end_poll_when_due
from messaging.models.messages.preparing import prepare_picture
from messaging.models.messages.scheduling import send_when_due

# These versions are in the addresses of stylesheets; 0 is for people who never had any.
_VERSIONS: Final = {"blocks_version": Block, "groups_version": GroupMembership}


def finish_import() -> None:
    """Call it in the transaction of the import."""
    for column, model in _VERSIONS.items():
        has_any = Exists(model._default_manager.filter(user=OuterRef("pk")))
        User.objects.filter(has_any).update(**{column: 1})
    for user in User.objects.filter(Exists(Draft.objects.filter(user=OuterRef("pk")))):
        list_again(user)
    seen = Reaction.objects.aggregate(last=Max("pk"))["last"] or 0
    User.objects.update(reactions_seen=seen)
    renew_key()
    _reset_sequences()
    for pk in Attachment.objects.filter(state=Attachment.State.WAITING).values_list("pk", flat=True):
        prepare_picture.enqueue(pk)
    for pk in Attachment.objects.without_their_page().values_list("pk", flat=True):
        prepare_page.enqueue(pk)
    for pk, at in Poll.objects.filter(closed_at=None, ends_at__isnull=False).values_list("pk", "ends_at"):
        end_poll_when_due.using(run_after=at).enqueue(pk)
    for pk, at in Reminder.objects.filter(is_due=False).values_list("pk", "at"):
        remind_when_due.using(run_after=at).enqueue(pk)
    for pk, at in ScheduledMessage.objects.filter(refused="").values_list("pk", "due_at"):
        send_when_due.using(run_after=at).enqueue(pk)
    # Nothing of what is unread is mailed or pushed: that was done where it was sent.
    forget_missed()
    skip_due_digests()
    forget_waiting()
    Installation.objects.row().update(setup_hash="")
    Installation.objects.renew_epoch()
    AuditEntry.objects.record(None, AuditEntry.Act.IMPORTED_SITE)


def _reset_sequences() -> None:
    """PostgreSQL does not notice ids that were given."""
    given: list[type[models.Model]] = [
        noun.model for noun in (*FIRST, MESSAGES, *LAST) if "id" in noun.keys.values()
    ]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [*given, PollChoice]):
            cursor.execute(sql)
