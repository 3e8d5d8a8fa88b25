"""Reporting a message, and deciding about a report; the rows are in `reports.py`.

Decisions are carried out by the functions that other pages use too. The audit log has the decision and what
was done.
"""

from contextlib import suppress
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.models.accounts.moderation import deactivate
from messaging.models.accounts.reports import Report, reviewers_of
from messaging.models.conversations.conversation import Conversation
from messaging.models.db.refusals import Gone, Refused
from messaging.models.messages.message import Message
from messaging.models.messages.removal import remove
from messaging.models.messages.saving import post
from messaging.models.people.roles import can_manage
from messaging.models.people.user import User
from messaging.models.site.audit_log import AuditEntry

CONFLICT = 409
KEYS = UUID("6f1d1f0e-6a2f-4c8e-9a53-0b9c1c2f8a11")  # of the direct messages about reports
OWN = gettext_lazy("This is your own message: you can remove it.")
NOBODY = gettext_lazy("Nobody but its author could decide about a report of this message.")
DECIDED = gettext_lazy("Somebody else has decided about this report already.")
FORBIDDEN = gettext_lazy("You cannot decide this.")


def report(message: Message, by: User, reason: str, note: str = "") -> Report:
    """Report a message to those who moderate, who see in their sidebar that there is a report.

    Args:
        by: a member of its conversation, but not its author.
        reason: one of `Report.Reason`.
        note: what they say about it.

    Returns:
        The report; the earlier one, if they reported the message before and nobody has decided yet.

    Raises:
        Gone: the message was removed, or the person or the conversation deleted.
        Refused: ("own") it is their own; ("nobody") its author is the only one who could decide.
    """
    if message.is_removed or message.sender_id is None:
        raise Gone
    if message.sender_id == by.pk:
        raise Refused("own", OWN, CONFLICT)
    names = list(message.files.order_by("pk").values_list("name", flat=True))
    made = Report(
        about=message.pk,
        conversation=message.conversation,
        author_id=message.sender_id,
        reporter=by,
        text=message.content,
        file_names=names,
        sent_at=message.timestamp,
        reason=reason,
        note=note,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            reviewers = reviewers_of(made)
            if not reviewers.exists():
                raise Refused("nobody", NOBODY, CONFLICT)
            # In the order of their ids, in which others lock people too.
            unaware = reviewers.filter(has_new_reports=False).order_by("pk").select_for_update(no_key=True)
            ids = list(unaware.values_list("pk", flat=True))
            User.objects.filter(pk__in=ids).update(has_new_reports=True)
    except IntegrityError:
        earlier = Report.objects.open().filter(reporter=by, about=message.pk).first()
        if earlier is None:
            raise Gone from None  # the person or the conversation was deleted meanwhile
        return earlier
    return made


def decisions_for(found: Report, by: User) -> list[str]:
    """What the person can decide about this report, which they may review."""
    kinds = [Report.Decision.NOTHING, Report.Decision.WARNED, Report.Decision.REMOVED]
    return [*kinds, *([Report.Decision.DEACTIVATED] if can_manage(by, found.author) else [])]


def decide(found: Report, decision: str, by: User, words: str = "") -> None:
    """Decide about a report, do what was decided, and tell the reporter in a direct message.

    Args:
        decision: one of `decisions_for`.
        words: of a warning, what the author is told; of a removal, the reason, which everybody can read.

    Raises:
        Refused: they may not review it, or somebody decided before.
        ValidationError: the words are missing or refused.
        Gone: the author was deleted.
    """
    if decision not in decisions_for(found, by):
        raise Refused("decision", FORBIDDEN)
    if decision in (Report.Decision.WARNED, Report.Decision.REMOVED) and not words.strip():
        raise ValidationError(_("Say why: the author reads it."), code="empty")
    with transaction.atomic():
        now = timezone.now()
        this = Report.objects.all().to_review_by(by).open().filter(pk=found.pk)
        if not this.update(decision=decision, decided_by=by, decided_at=now):
            raise Refused("decided", DECIDED, CONFLICT)
        where = found.conversation if found.conversation.is_room else None
        act = AuditEntry.Act.DECIDED_REPORT
        AuditEntry.objects.record(by, act, person=found.author, conversation=where, decision=decision)
        _act(found, decision, by, words)
        _thank(found, decision, by)


def _thank(found: Report, decision: str, by: User) -> None:
    """Tell the reporter. If that is not possible, they see it among their reports."""
    if not found.reporter or not found.reporter.is_active or found.reporter == by:
        return
    told = _("Thank you for your report. %(outcome)s. Your settings list your reports.")
    with suppress(ValidationError, Refused, IntegrityError), transaction.atomic():
        text = told % {"outcome": Report.Decision(decision).label}
        _tell(found.reporter, by, text, f"told {found.pk}")


def _act(found: Report, decision: str, by: User, words: str) -> None:
    if decision == Report.Decision.REMOVED and (message := Message.rows.filter(pk=found.about).first()):
        remove(message, by=by, reason=words, as_site=by.is_administrator)
    if decision == Report.Decision.DEACTIVATED:
        deactivate(found.author, by=by)
    if decision == Report.Decision.WARNED:
        _tell(found.author, by, words, f"warned {found.pk}")


def _tell(person: User, by: User, text: str, key: str) -> None:
    """A direct message; with the same key it is sent once."""
    post(Conversation.objects.direct(by, person), by, text, client_id=uuid5(KEYS, key))
