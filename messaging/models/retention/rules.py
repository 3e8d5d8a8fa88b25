"""Setting how long messages are kept: for the site by its administrators, for a room by those of the room.

A rule that deletes more than the one before starts a day later, and can be withdrawn until then. Any other
starts at once. Open pages show both, but not a rule that deletes the same as the one before.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.conversation import Conversation, Unchanged
from messaging.models.conversations.permissions import can_administer
from messaging.models.db.refusals import Refused
from messaging.models.people.changing_site import changing_site
from messaging.models.people.user import User
from messaging.models.retention.expired import of_site, own_rules
from messaging.models.site.audit_log import AuditEntry
from messaging.models.site.installation import Installation
from messaging.models.site.retention import Retention, RoomRules, Rule, in_force, retention_from

GRACE = timedelta(hours=24)


def deletes_more(before: Rule, after: Rule) -> bool:
    """Whether another rule of the site deletes more, anywhere; also where rooms have rules of their own."""
    pairs = [(before, after), *((own.within(before), own.within(after)) for own in own_rules().values())]
    return any(new.deletes_more_than(old) for old, new in pairs)


def set_site_rule(rule: Rule, by: User) -> None:
    """Set the site's rule. It replaces one that was announced and has not started."""
    with changing_site(by) as site:
        stored = retention_from(site.retention)
        before = stored.rule or Rule()
        if rule == before and not stored.is_pending:
            return
        after = _after(stored, rule, deletes_more(before, rule), rule.deletes_like(before))
        store_site(after)
        _record(by, None, before, rule, after)


def withdraw_site_rule(by: User) -> None:
    """Withdraw the announced rule of the site. Without effect if it has started."""
    with changing_site(by) as site:
        stored = retention_from(site.retention)
        if stored.is_pending:
            store_site(stored.silent())
            AuditEntry.objects.record(by, AuditEntry.Act.WITHDREW_RETENTION)


def set_room_rule(room: Conversation, rule: Rule | None, by: User) -> None:
    """Set a room's own rule; None: it follows the site. It replaces one that has not started.

    Raises:
        Refused: `by` may not administer the room; or ("no_room_rules") the site allows no rules of rooms.
    """
    with room.writing({"can_administer": can_administer(by)}):
        site, stored = of_site(), _stored(room)
        if rule and (site.rule or Rule()).rooms == RoomRules.NONE:
            sentence = _("Rooms can have no rule of their own. The site’s administrators decide that.")
            raise Refused("no_room_rules", sentence, status=409)
        if rule == stored.rule and not stored.is_pending:
            raise Unchanged
        before, then = in_force(site, stored), in_force(site, Retention(rule))
        after = _after(stored, rule, then.deletes_more_than(before), then.deletes_like(before))
        store_room(room, after)
        _record(by, room, before, then, after)


def withdraw_room_rule(room: Conversation, by: User) -> None:
    """Withdraw a room's announced rule. Without effect if it has started. Raises Refused: `by` may not."""
    with room.writing({"can_administer": can_administer(by)}):
        stored = _stored(room)
        if not stored.is_pending:
            raise Unchanged
        store_room(room, stored.silent())
        AuditEntry.objects.record(by, AuditEntry.Act.WITHDREW_RETENTION, conversation=room)


def store_site(retention: Retention) -> None:
    """Store it in a transaction, and make all open pages load again what they show."""
    Installation.objects.row().update(retention=retention.to_column())
    Installation.objects.raise_people_version()


def store_room(room: Conversation, retention: Retention) -> None:
    """Store it, within `room.writing()`."""
    room.retention = retention.to_column()
    Conversation.objects.filter(pk=room.pk).update(retention=room.retention)


def _stored(room: Conversation) -> Retention:
    return retention_from(Conversation.objects.values_list("retention", flat=True).get(pk=room.pk))


def _after(stored: Retention, rule: Rule | None, deletes_more: bool, deletes_the_same: bool) -> Retention:
    """What is stored if this rule is set: announced a day before its start, at its start, or not at all."""
    now = timezone.now()
    if deletes_more:
        return stored.announcing(rule, now + GRACE)
    return Retention(rule) if deletes_the_same else stored.announcing(rule, now).started()


def _record(by: User, room: Conversation | None, before: Rule, rule: Rule, after: Retention) -> None:
    """Write into the audit log what changes for the messages of the room, or of the site."""
    names = ["days", "keeps_pinned", "keeps_saved", *(() if room else ("rooms",))]
    pairs = {name: [getattr(before, name), getattr(rule, name)] for name in names}
    changes: dict[str, Any] = {  # type: ignore[explicit-any] # the values are JSON
        name: pair for name, pair in pairs.items() if pair[0] != pair[1]
    }
    if after.starts_at:
        changes["from"] = after.starts_at.strftime("%Y-%m-%d %H:%M UTC")
    AuditEntry.objects.record(by, AuditEntry.Act.SET_RETENTION, conversation=room, **changes)
