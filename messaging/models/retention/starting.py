"""Periodic work on rules: starting those whose time has come, and ending announcements after a week."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation, Unchanged
from messaging.models.db.refusals import Gone
from messaging.models.db.tasks import task
from messaging.models.retention.expired import of_site
from messaging.models.retention.rules import store_room, store_site
from messaging.models.retention.run import RetentionRun, delete_expired
from messaging.models.site.installation import Installation
from messaging.models.site.retention import Retention, Rule, retention_from

ANNOUNCED_AFTERWARDS = timedelta(days=7)


@task()
def start_due_rules() -> None:
    """Periodic: start the rules whose time has come, and delete by them. What pages say follows these changes
    and not the clock, so an open page says the same as one that is loaded."""
    has_started = _advance_site()
    for room in Conversation.objects.filter(retention__isnull=False).order_by("pk"):
        if _advanced(retention_from(room.retention)):
            has_started |= _advance_room(room)
    if has_started:
        RetentionRun.begin_again()
        delete_expired.enqueue()


def _advanced(retention: Retention) -> Retention | None:
    """What follows now; None if it stays as it is."""
    at, now = retention.starts_at, timezone.now()
    if at is None:
        return None
    if retention.is_started:
        return retention.silent() if at <= now - ANNOUNCED_AFTERWARDS else None
    return retention.started() if at <= now else None


def _advance_site() -> bool:
    """Returns whether a rule has started."""
    if not _advanced(of_site()):
        return False
    with transaction.atomic():
        Installation.objects.row().select_for_update(no_key=True).get()
        before = of_site()
        after = _advanced(before)  # again, under the lock
        if after:
            # If it only forbids rooms their own rules, nothing is new elsewhere.
            is_new = not (after.rule or Rule()).deletes_like(before.rule or Rule())
            store_site(after if is_new else after.silent())
    return bool(after and after.is_started)


def _advance_room(room: Conversation) -> bool:
    """Returns whether a rule has started."""
    after = None
    try:
        with room.writing():
            stored = Conversation.objects.values_list("retention", flat=True).get(pk=room.pk)
            after = _advanced(retention_from(stored))  # again, under the lock
            if after is None:
                raise Unchanged
            store_room(room, after)
    except Gone:
        return False
    return bool(after and after.is_started)
