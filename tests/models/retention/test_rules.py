"""Setting a rule: what deletes more starts a day later and can be withdrawn; the rest starts at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.models import AuditEntry, Conversation, Installation, Message, RetentionRun, User
from messaging.models.db.refusals import Refused
from messaging.models.messages.saving import post
from messaging.models.retention.announcement import Announcement, announcement
from messaging.models.retention.expired import of_site
from messaging.models.retention.rules import (
    GRACE,
    set_room_rule,
    set_site_rule,
    withdraw_room_rule,
    withdraw_site_rule,
)
from messaging.models.retention.starting import ANNOUNCED_AFTERWARDS, start_due_rules
from messaging.models.site.retention import Retention, RoomRules, Rule, in_force, retention_from
from tests.models.retention.conftest import aged, rule_of_site
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db


def of_room(room: Conversation) -> Retention:
    room.refresh_from_db()
    return retention_from(room.retention)


def pass_time(by: timedelta) -> None:
    """As if so much time had passed since rules were announced."""
    for rows in (Installation.objects.row(), Conversation.objects.filter(retention__isnull=False)):
        for one in rows:
            stored = retention_from(one.retention)
            if stored.starts_at:
                after = Retention(stored.rule, stored.announced, stored.starts_at - by, stored.is_started)
                type(one).objects.filter(pk=one.pk).update(retention=after.to_column())
    start_due_rules.func()


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Rule(), Rule(90), True),
        (Rule(90), Rule(), False),
        (Rule(90), Rule(91), False),
        (Rule(90), Rule(89), True),
        (Rule(90), Rule(90, keeps_pinned=False), True),
        (Rule(90, keeps_saved=False), Rule(90), False),
        (Rule(), Rule(keeps_pinned=False), False),
    ],
)
def test_whether_a_rule_deletes_more(before: Rule, after: Rule, expected: bool) -> None:
    assert after.deletes_more_than(before) is expected


def test_a_stricter_rule_starts_a_day_later(room: Conversation, ada: User) -> None:
    aged(post(room, ada, "old"), 100)
    set_site_rule(Rule(90), by=ada)
    assert of_site().is_pending
    start_due_rules.func()
    assert (of_site().rule, QueuedTask.objects.count()) == (None, 0)
    people_version = Installation.objects.current().people_version
    pass_time(GRACE)
    assert of_site().rule == Rule(90)
    assert Installation.objects.current().people_version > people_version, "Open pages load again."
    run_tasks()
    assert not Message.rows.exists()
    pass_time(ANNOUNCED_AFTERWARDS)
    assert of_site() == Retention(Rule(90))
    assert acts() == ["set_retention", "deleted_expired"]


def test_an_announced_rule_can_be_withdrawn(room: Conversation, ada: User) -> None:
    set_site_rule(Rule(90), by=ada)
    withdraw_site_rule(by=ada)
    withdraw_site_rule(by=ada)
    assert of_site() == Retention()
    pass_time(GRACE)
    assert of_site() == Retention()
    assert acts() == ["set_retention", "withdrew_retention"]


def test_a_milder_rule_starts_at_once(ada: User) -> None:
    rule_of_site(Rule(30))
    set_site_rule(Rule(60), by=ada)
    assert (of_site().rule, of_site().is_pending) == (Rule(60), False)
    set_site_rule(Rule(60), by=ada)
    assert acts() == ["set_retention"], "The same rule again changes nothing."


def test_a_rule_that_deletes_the_same_is_not_announced(room: Conversation, ada: User) -> None:
    set_site_rule(Rule(rooms=RoomRules.ANY), by=ada)
    assert of_site() == Retention(Rule(rooms=RoomRules.ANY))
    set_site_rule(Rule(rooms=RoomRules.ANY, keeps_pinned=False), by=ada)
    assert announcement(of_site(), of_room(room)) is None
    set_site_rule(Rule(30), by=ada)
    set_site_rule(Rule(), by=ada)
    assert of_site() == Retention(Rule()), "It took the place of one that had not started."
    rule_of_site(Rule(30, rooms=RoomRules.ANY))
    set_room_rule(room, Rule(30), by=ada)
    assert of_room(room) == Retention(Rule(30))
    assert acts() == ["set_retention"] * 5


def test_a_rule_that_starts_during_a_run_is_applied_to_what_the_run_has_passed(
    room: Conversation, ada: User
) -> None:
    aged(post(room, ada, "old"), 100)
    set_site_rule(Rule(90), by=ada)
    RetentionRun.objects.create(pk=1, at=room.pk + 1)
    pass_time(GRACE)
    run_tasks()
    assert not Message.rows.exists()
    assert not RetentionRun.objects.exists()


def test_forbidding_room_rules_starts_a_day_later_if_it_deletes_more(room: Conversation, ada: User) -> None:
    rule_of_site(Rule(30, rooms=RoomRules.ANY))
    set_room_rule(room, Rule(100), by=ada)
    assert in_force(of_site(), of_room(room)) == Rule(100)
    set_site_rule(Rule(30), by=ada)
    assert of_site().is_pending
    assert in_force(of_site(), of_room(room)) == Rule(100)
    other = Retention()
    before = Announcement(Rule(30, rooms=RoomRules.ANY))
    assert announcement(of_site(), other) == before, "Nothing changes elsewhere."
    pass_time(GRACE)
    assert in_force(of_site(), of_room(room)).days == 30
    assert announcement(of_site(), other) == Announcement(Rule(30))


def test_a_rule_of_a_room(room: Conversation, ada: User, ben: User) -> None:
    with pytest.raises(Refused, match="no rule of their own"):
        set_room_rule(room, Rule(10), by=ada)
    rule_of_site(Rule(rooms=RoomRules.SHORTER))
    with pytest.raises(Refused):
        set_room_rule(room, Rule(10), by=ben)
    before = room.version
    set_room_rule(room, Rule(10), by=ada)
    assert of_room(room).is_pending
    assert room.version > before, "Open pages load the title again, and the line with it."
    withdraw_room_rule(room, by=ada)
    assert of_room(room) == Retention()
    set_room_rule(room, Rule(10), by=ada)
    pass_time(GRACE)
    assert of_room(room).rule == Rule(10)
    set_room_rule(room, None, by=ada)
    assert in_force(of_site(), of_room(room)).days is None, "It follows the site again, which deletes less."
    assert acts() == ["set_retention", "withdrew_retention", "set_retention", "set_retention"]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.conversation, entry.details["days"]) == (ada, room, [10, None])


NOW = timezone.now()
ANY = Rule(90, rooms=RoomRules.ANY)


@pytest.mark.parametrize(
    ("site", "own", "told"),
    [
        (Retention(), Retention(), None),
        (Retention(ANY), Retention(), Announcement(ANY)),
        (Retention(None, ANY, NOW), Retention(), Announcement(ANY, NOW, is_pending=True)),
        (Retention(ANY, ANY, NOW, True), Retention(), Announcement(ANY, NOW)),
        # The room has a rule of its own, which the site's rule does not touch.
        (Retention(ANY, ANY, NOW, True), Retention(Rule(7)), Announcement(Rule(7))),
        (Retention(ANY), Retention(Rule(7), None, NOW), Announcement(ANY, NOW, is_pending=True)),
        (Retention(ANY), Retention(None, None, NOW, True), Announcement(ANY, NOW)),
        (Retention(), Retention(Rule(7)), None),
    ],
)
def test_what_members_are_told(site: Retention, own: Retention, told: Announcement | None) -> None:
    assert announcement(site, own) == told


def test_columns_bring_back_what_was_stored() -> None:
    for retention in (
        Retention(),
        Retention(ANY),
        Retention(None, Rule(7), NOW),
        Retention(ANY, None, NOW, True),
    ):
        assert retention_from(retention.to_column()) == retention
