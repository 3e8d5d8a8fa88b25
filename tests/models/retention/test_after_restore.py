"""`manage.py after_restore`: what the rules do not keep stays for a day, in which they can be changed."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from messaging.background.models import PeriodicTask, QueuedTask
from messaging.background.schedule import SCHEDULE, enqueue_due
from messaging.models import Conversation, Installation, Message, RetentionRun, User
from messaging.models.messages.saving import post
from messaging.models.retention.expired import of_site
from messaging.models.retention.rules import GRACE
from messaging.models.retention.run import delete_expired
from messaging.models.site.retention import Retention, RoomRules, Rule, retention_from
from tests.models.retention.conftest import aged, rule_of_site
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db


def after_restore() -> str:
    out = StringIO()
    call_command("after_restore", stdout=out)
    return out.getvalue()


def run_due_tasks() -> None:
    """What a process does that starts now."""
    PeriodicTask.objects.bulk_create([PeriodicTask(task=path) for path in SCHEDULE], ignore_conflicts=True)
    enqueue_due(SCHEDULE)
    run_tasks()


def test_nothing_is_deleted_on_the_first_day(room: Conversation, ada: User) -> None:
    rule_of_site(Rule(30))
    aged(post(room, ada, "old"), 60)
    PeriodicTask.objects.create(task=delete_expired.module_path)  # the copy is old
    RetentionRun.objects.create(pk=RetentionRun.THE_ONE, at=room.pk)
    delete_expired.enqueue()
    assert "is deleted a day from now; change the rule before then" in after_restore()
    assert not QueuedTask.objects.filter(task=delete_expired.module_path).exists()
    run_due_tasks()
    assert Message.rows.count() == 1
    PeriodicTask.objects.filter(task=delete_expired.module_path).update(
        last_due_at=timezone.now() - timedelta(days=1)
    )
    run_due_tasks()
    assert not Message.rows.exists()


def test_announced_rules_start_a_day_later_however_old_the_copy_is(room: Conversation, ada: User) -> None:
    aged(post(room, ada, "old"), 60)
    site, own = Rule(30, rooms=RoomRules.ANY), Rule(20)
    long_ago, started = timezone.now() - timedelta(days=100), timezone.now() - timedelta(days=2)
    in_force = Retention(Rule(50), Rule(50), started, is_started=True)
    other = Conversation.objects.create_room("other", ada)
    Installation.objects.row().update(retention=Retention().announcing(site, long_ago).to_column())
    for one, stored in ((room, Retention().announcing(own, long_ago)), (other, in_force)):
        Conversation.objects.filter(pk=one.pk).update(retention=stored.to_column())
    before = timezone.now()
    assert "is deleted a day from now" in after_restore()
    run_due_tasks()
    for one in (room, other):
        one.refresh_from_db()
    for stored, rule in ((of_site(), site), (retention_from(room.retention), own)):
        assert (stored.announced, stored.rule, stored.is_pending) == (rule, None, True)
        assert stored.starts_at
        assert before + GRACE <= stored.starts_at <= timezone.now() + GRACE
    assert retention_from(other.retention) == in_force
    assert Message.rows.count() == 1


def test_without_rules_nothing_is_said_of_them(room: Conversation) -> None:
    assert after_restore() == "Open pages and browser caches will be loaded again.\n"
