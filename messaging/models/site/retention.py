"""How long messages are kept: what the columns `retention` of `Installation` and `Conversation` hold."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_DAYS = 36_500


class RoomRules(models.TextChoices):
    """Whether rooms may have rules of their own."""

    NONE = "none", _("No: all rooms follow this rule")
    SHORTER = "shorter", _("Yes, but only shorter ones")
    ANY = "any", _("Yes, shorter or longer ones")


@dataclass(frozen=True)
class Rule:
    """How long messages are kept, by the age of each.

    Attributes:
        days: after how many days they are deleted; None: never.
        keeps_pinned: whether pinned messages stay, however old they are.
        keeps_saved: likewise those that somebody has saved.
        rooms: one of `RoomRules`. Only the site's rule has a use for it.
    """

    days: int | None = None
    keeps_pinned: bool = True
    keeps_saved: bool = True
    rooms: str = RoomRules.NONE

    @property
    def age(self) -> timedelta | None:
        """The age at which a message is deleted; None: never."""
        return None if self.days is None else timedelta(days=self.days)

    def deletes_more_than(self, other: "Rule") -> bool:
        """Whether some message is deleted by this rule that the other one would keep at the same time."""
        if self.days is None:
            return False
        if other.days is None or self.days < other.days:
            return True
        return self.keeps_pinned < other.keeps_pinned or self.keeps_saved < other.keeps_saved

    def deletes_like(self, other: "Rule") -> bool:
        """Whether both delete the same messages."""
        return not (self.deletes_more_than(other) or other.deletes_more_than(self))

    def within(self, site: "Rule") -> "Rule":
        """The rule that applies to a room whose own rule this is.

        The site's if rooms may have none; this one if they may have any, or if the site's deletes nothing;
        otherwise the stricter value of each field.
        """
        if site.rooms == RoomRules.ANY or (site.days is None and site.rooms == RoomRules.SHORTER):
            return self
        if site.rooms == RoomRules.NONE:
            return site
        return replace(
            self,
            days=min(site.days or LONGEST_DAYS, self.days or LONGEST_DAYS),
            keeps_pinned=self.keeps_pinned and site.keeps_pinned,
            keeps_saved=self.keeps_saved and site.keeps_saved,
        )


@dataclass(frozen=True)
class Retention:
    """What a column holds: the rule in force, and the one that was announced.

    Attributes:
        rule: in force. None in a room that follows the site.
        announced: the rule that follows; or, for a week after its start, the same rule as `rule`.
        starts_at: when that starts or started; None if nothing is announced.
        is_started: whether it is in force already.
    """

    rule: Rule | None = None
    announced: Rule | None = None
    starts_at: datetime | None = None
    is_started: bool = False

    @property
    def is_pending(self) -> bool:
        """Whether a rule was announced that is not in force yet."""
        return self.starts_at is not None and not self.is_started

    def announcing(self, rule: Rule | None, starts_at: datetime) -> "Retention":
        """With this rule announced; in the place of one that was announced before."""
        return replace(self, announced=rule, starts_at=starts_at, is_started=False)

    def started(self) -> "Retention":
        """With the announced rule in force."""
        return replace(self, rule=self.announced, is_started=True)

    def silent(self) -> "Retention":
        """With nothing announced."""
        return Retention(self.rule)

    def to_column(self) -> dict[str, object] | None:
        """As JSON; None if there is nothing to store."""
        if self == Retention():
            return None
        at = self.starts_at
        return {**asdict(self), "starts_at": at.isoformat() if at else None}


def retention_from(column: dict[str, object] | None) -> Retention:
    """What a column holds."""
    if not column:
        return Retention()
    rules = {name: Rule(**value) if (value := column[name]) else None for name in ("rule", "announced")}  # type: ignore[arg-type]
    at, is_started = column["starts_at"], bool(column["is_started"])
    return Retention(
        **rules, starts_at=datetime.fromisoformat(str(at)) if at else None, is_started=is_started
    )


def in_force(site: Retention, own: Retention) -> Rule:
    """The rule by which messages of a conversation are deleted now.

    Args:
        site: the site's.
        own: the conversation's; groups and direct conversations have none.
    """
    of_site = site.rule or Rule()
    return own.rule.within(of_site) if own.rule else of_site
