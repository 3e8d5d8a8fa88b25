"""What the members of a conversation are told about how long its messages are kept."""

from datetime import datetime
from typing import NamedTuple

from messaging.models.site.retention import Retention, Rule, in_force


class Announcement(NamedTuple):
    """A rule, as it is told to members.

    Attributes:
        rule: in force; or, if `is_pending`, the next one.
        at: when it starts, or has started not long ago; None if it is nothing new.
        is_pending: whether it has not started.
    """

    rule: Rule
    at: datetime | None = None
    is_pending: bool = False


def announcement(site: Retention, own: Retention) -> Announcement | None:
    """What members are told; None if messages are kept for ever and always were.

    Args:
        site: the site's.
        own: the conversation's.
    """
    now = in_force(site, own)
    coming = [
        Announcement(rule, after.starts_at, is_pending=True)
        for after, rule in (
            (site, in_force(site.started(), own)),
            (own, in_force(site, own.started())),
        )
        if after.is_pending and not rule.deletes_like(now)
    ]
    if coming:
        return min(coming, key=lambda one: str(one.at))
    decisive = own if (own.rule and now == own.rule) or own.is_started else site
    if decisive.is_started:
        return Announcement(now, decisive.starts_at)
    return Announcement(now) if now.days else None
