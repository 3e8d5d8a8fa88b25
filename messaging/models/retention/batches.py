"""One batch of what the rules of retention delete: messages of one conversation, under its lock."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from messaging.models.accounts.deletion_batches import Amounts
from messaging.models.accounts.personal_data import amounts, without_zeros
from messaging.models.conversations.conversation import Conversation
from messaging.models.messages.attachment import Attachment
from messaging.models.messages.message import Message
from messaging.models.retention.expired import bare_tombstones, expired, of_site
from messaging.models.site.retention import Rule, in_force, retention_from


def delete_batch(conversation_id: int, at_most: int) -> Amounts | None:
    """Delete at most `at_most` of the messages of a conversation that its rule does not keep.

    Where something is below one of them, a tombstone stays. If no such message is left, the tombstones
    that nothing is below any more are deleted, likewise at most `at_most`. So a whole thread is read only
    when it has nothing else to delete, and not for each batch of its messages.

    Returns:
        How much was deleted; None if nothing was left.
    """
    rule = _rule_of(conversation_id)
    if rule.age is None:
        return None
    before = timezone.now() - rule.age
    ids = list(expired(rule, [conversation_id]).order_by("timestamp").values_list("pk", flat=True)[:at_most])
    bare = bare_tombstones(conversation_id, before).values_list(Coalesce("thread_root_id", "pk"), flat=True)
    roots = [] if ids else list(bare.order_by("timestamp")[:at_most])
    if not (ids or roots):
        return None
    with Conversation.objects.filter(pk=conversation_id).writing() as versions:
        rows = Message.rows.filter(pk__in=ids or roots)
        (rows.with_roots() if ids else rows.threads()).lock()
        # Again, under the locks: the rule may be another one now, and one of them pinned or saved.
        rule = _rule_of(conversation_id)
        found = list(expired(rule, [conversation_id]).filter(pk__in=ids).values_list("pk", flat=True))
        batch = Message.rows.filter(pk__in=found)
        if roots:
            batch.sweep(sorted(set(roots)), before, at_most)
        gone = amounts(batch) if found else {}
        if found:
            sizes = Attachment.objects.filter(message__in=found).aggregate(bytes=Sum("size"))
            gone["bytes"] = sizes["bytes"] or 0
            batch.redact(versions[conversation_id], anonymous=True, is_expired=True)
            batch.delete_unanswered()
        return without_zeros(gone)


def next_conversation(after: int, age: timedelta | None) -> int | None:
    """The first conversation with a larger id than `after` that may have something to delete.

    Args:
        age: that of `shortest_age`.
    """
    if age is None:
        return None
    old = Message.rows.filter(conversation=OuterRef("pk"), timestamp__lt=timezone.now() - age)
    found = Conversation.objects.filter(Exists(old), pk__gt=after).order_by("pk")
    return found.values_list("pk", flat=True).first()


def _rule_of(conversation_id: int) -> Rule:
    """The rule of a conversation; one that deletes nothing if the conversation is gone."""
    columns = Conversation.objects.filter(pk=conversation_id).values_list("retention", flat=True)
    return in_force(of_site(), retention_from(columns[0])) if columns else Rule()
