"""Invariants of the database after a race."""

from django.db.models import Exists, F, OuterRef, Q

from messaging.models import (
    Conversation,
    Membership,
    Mention,
    Message,
    MessageHistory,
    Notification,
    Poll,
    PollChoice,
    PollVote,
    Reaction,
)

ONES_OWN = Q(message__sender=F("user"))


def assert_sound() -> None:
    """Read marks, notifications, mentions, histories and tombstones agree with the messages."""
    waiting = Notification.objects.filter(message=OuterRef("pk"), read_at=None)
    marked_wrongly = Message.rows.alias(waits=Exists(waiting)).filter(read=F("waits"))
    assert not marked_wrongly, "`read` differs from the notifications"
    seated = Membership.objects.filter(user=OuterRef("user"), conversation=OuterRef("message__conversation"))
    for model in (Notification, Mention, MessageHistory, Reaction, Poll, PollChoice, PollVote):
        assert not model.objects.exclude(message__removed_at=None), "something is left of a removed message"
    assert not Notification.objects.filter(~Exists(seated)), "a notification for somebody who is no member"
    assert not Notification.objects.filter(ONES_OWN), "a notification of one's own message"
    words = Message.rows.exclude(removed_at=None).exclude(content="", content_html="", edited=False)
    assert not words, "a tombstone that is not empty"
    assert not Message.rows.filter(seq__gt=F("version")), "a message has a version older than its seq"
    assert not Message.rows.filter(version__gt=F("conversation__version")), "a version from the future"


def assert_no_gap(place: Conversation, sent: int, other_changes: int) -> None:
    """Each message and each other change took exactly one version; refused or repeated requests took none."""
    place.refresh_from_db()
    seqs = list(Message.rows.filter(conversation=place).order_by("pk").values_list("seq", flat=True))
    assert seqs == sorted(set(seqs)), "two messages with one seq, or not in the order of their creation"
    assert place.version == sent + other_changes
    if not other_changes:
        assert seqs == list(range(1, sent + 1))
