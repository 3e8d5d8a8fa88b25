"""What the rules of retention delete: messages by their own age, and tombstones with nothing below them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, DateTimeField, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.queryset import ConversationQuerySet
from messaging.models.inbox.saved import SavedMessage
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.models.site.installation import Installation
from messaging.models.site.retention import Retention, Rule, retention_from


class Scope(NamedTuple):
    """Conversations whose messages are deleted by the same rule."""

    rule: Rule
    conversations: ConversationQuerySet


def of_site() -> Retention:
    return retention_from(Installation.objects.row().values_list("retention", flat=True).get())


def own_rules() -> dict[int, Rule]:
    """The rules in force that rooms have of their own, by the id of the room."""
    columns = Conversation.objects.filter(retention__isnull=False).values_list("pk", "retention")
    return {pk: rule for pk, column in columns if (rule := retention_from(column).rule)}


def scopes(site: Rule, own: Mapping[int, Rule]) -> list[Scope]:
    """All conversations, by the rule that they would have if the site and rooms had these rules."""
    by_rule: dict[Rule, list[int]] = {}
    for pk, rule in own.items():
        by_rule.setdefault(rule.within(site), []).append(pk)
    others = Conversation.objects.exclude(pk__in=list(own))
    return [
        Scope(site, others),
        *(Scope(rule, Conversation.objects.filter(pk__in=ids)) for rule, ids in by_rule.items()),
    ]


def shortest_age() -> timedelta | None:
    """The age at which messages are deleted in the conversation where that is soonest; None: nowhere."""
    ages = [age for rule, _ in scopes(of_site().rule or Rule(), own_rules()) if (age := rule.age)]
    return min(ages, default=None)


def expired(rule: Rule, conversations: ConversationQuerySet | Collection[int]) -> MessageRows:
    """The messages that this rule deletes now.

    Args:
        conversations: where; as a QuerySet, or as ids.
    """
    if isinstance(conversations, ConversationQuerySet):
        conversations = conversations.order_by()
    here: MessageRows = Message.rows.filter(conversation__in=conversations)
    if rule.age is None:
        return here.none()
    return _not_kept(here.filter(timestamp__lt=timezone.now() - rule.age), rule)


def expired_by(rules: Iterable[Scope]) -> Iterator[MessageRows]:
    """The messages that these rules delete now: at most four QuerySets, however many rules there are."""
    alike: dict[tuple[bool, bool], list[Scope]] = defaultdict(list)
    for scope in rules:
        if scope.rule.age is not None:
            alike[scope.rule.keeps_pinned, scope.rule.keeps_saved].append(scope)
    now = timezone.now()
    for some in alike.values():
        if len(some) == 1:  # which finds them by the index of their age
            yield expired(*some[0])
            continue
        starts = [
            When(conversation__in=where.order_by(), then=Value(now - (rule.age or timedelta())))
            for rule, where in some
        ]
        rows: MessageRows = Message.rows.filter(timestamp__lt=Case(*starts, output_field=DateTimeField()))
        yield _not_kept(rows, some[0].rule)


def _not_kept(rows: MessageRows, rule: Rule) -> MessageRows:
    """Those that are there, and neither pinned nor saved if the rule keeps such messages."""
    rows = rows.filter(removed_at=None)
    if rule.keeps_pinned:
        rows = rows.filter(pinned_at=None)
    if rule.keeps_saved:
        # By those who can find them there now, or could again if the removal of the room were undone.
        by_members = Q(user__memberships__conversation=OuterRef("conversation"), user__is_active=True)
        in_removed_rooms = Q(message__conversation__removed_at__isnull=False)
        saved = SavedMessage.objects.filter(by_members | in_removed_rooms, message=OuterRef("pk"))
        rows = rows.filter(~Exists(saved))
    return rows


def bare_tombstones(conversation_id: int, sent_before: datetime) -> MessageRows:
    """What is left of removed messages that were sent before this time and that nothing replies to."""
    rows: MessageRows = Message.rows.filter(removed_at__isnull=False, timestamp__lt=sent_before)
    replies = Message.rows.filter(parent_message=OuterRef("pk"))
    return rows.filter(~Exists(replies), conversation=conversation_id)
