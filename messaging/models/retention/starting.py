"""Periodic work on rules: starting those whose time has come, and ending announcements after a week."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation, Unchanged
from messaging.models.db.refusals import Gone
from messaging.models.db.tasks import task
from messaging.models.retention.expired import of_site
from messaging.models.retention.rules import GRACE, store_room, store_site
from messaging.models.retention.run import RetentionRun, delete_expired
from messaging.models.site.installation import Installation
from messaging.models.site.retention import Retention, Rule, retention_from

ANNOUNCED_AFTERWARDS = timedelta(days=7)


@task()
def start_due_rules() -> None:
    """Periodic: start the rules whose time has come, and delete by them. What pages say follows these changes
    and not the clock, so an open page says the same as one that is loaded."""
    if _change_all(_advanced):
        RetentionRun.begin_again()
        delete_expired.enqueue()


def announce_again() -> None:
    """After a backup was restored: announced rules start a day from now, however long ago that was to be."""
    _change_all(_announced_again)


def _announced_again(retention: Retention) -> Retention | None:
    return replace(retention, starts_at=timezone.now() + GRACE) if retention.is_pending else None


def _change_all(then: Callable[[Retention], Retention | None]) -> bool:
    """Change what the site and rooms store.

    Args:
        then: what follows on it; None if it stays as it is.

    Returns:
        Whether a rule has started.
    """
    has_started = _change_site(then)
    for room in Conversation.objects.filter(retention__isnull=False).order_by("pk"):
        if then(retention_from(room.retention)):
            has_started |= _change_room(room, then)
    return has_started


def _advanced(retention: Retention) -> Retention | None:
    """What follows now; None if it stays as it is."""
    at, now = retention.starts_at, timezone.now()
    if at is None:
        return None
    if retention.is_started:
        return retention.silent() if at <= now - ANNOUNCED_AFTERWARDS else None
    return retention.started() if at <= now else None


def _change_site(then: Callable[[Retention], Retention | None]) -> bool:
    """Returns whether a rule has started."""
    if not then(of_site()):
        return False
    with transaction.atomic():
        Installation.objects.row().select_for_update(no_key=True).get()
        before = of_site()
        after = then(before)  # again, under the lock
        if after:
            # If a rule has started that only forbids rooms their own rules, nothing is new elsewhere.
            is_same = after.is_started and (after.rule or Rule()).deletes_like(before.rule or Rule())
            store_site(after.silent() if is_same else after)
    return bool(after and after.is_started)


def _change_room(room: Conversation, then: Callable[[Retention], Retention | None]) -> bool:
    """Returns whether a rule has started."""
    after = None
    try:
        with room.writing():
            stored = Conversation.objects.values_list("retention", flat=True).get(pk=room.pk)
            after = then(retention_from(stored))  # again, under the lock
            if after is None:
                raise Unchanged
            store_room(room, after)
    except Gone:
        return False
    return bool(after and after.is_started)
