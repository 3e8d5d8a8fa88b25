"""What must be true of a database that nobody is writing to, whoever raced before."""

from django.db.models import Exists, F, OuterRef, Q

from messaging.models import Conversation, Membership, Mention, Message, MessageHistory, Notification

ONES_OWN = Q(message__sender=F("user"))


def assert_sound() -> None:
    """Read marks, notifications, mentions, histories and tombstones agree with the messages."""
    waiting = Notification.objects.filter(message=OuterRef("pk"), read_at=None)
    marked_wrongly = Message.rows.alias(waits=Exists(waiting)).filter(read=F("waits"))
    assert not marked_wrongly, "read is not what the notifications say"
    seated = Membership.objects.filter(user=OuterRef("user"), conversation=OuterRef("message__conversation"))
    for model in (Notification, Mention, MessageHistory):
        assert not model.objects.exclude(message__removed_at=None), "something is left of a removed message"
    assert not Notification.objects.filter(~Exists(seated)), "a notification for somebody who is no member"
    assert not Notification.objects.filter(ONES_OWN), "a notification of one's own words"
    words = Message.rows.exclude(removed_at=None).exclude(content="", content_html="", edited=False)
    assert not words, "a tombstone that is not empty"
    assert not Message.rows.filter(seq__gt=F("version")), "a message changed before it was born"
    assert not Message.rows.filter(version__gt=F("conversation__version")), "a version from the future"


def assert_no_gap(place: Conversation, sent: int, other_changes: int) -> None:
    """Each send and each other change took one version, and no refused or repeated one did.

    A gap is a version that nothing took; between two sends lies exactly what else changed there.
    """
    place.refresh_from_db()
    seqs = list(Message.rows.filter(conversation=place).order_by("pk").values_list("seq", flat=True))
    assert seqs == sorted(set(seqs)), "two messages in one place, or not in the order of their making"
    assert place.version == sent + other_changes
    if not other_changes:
        assert seqs == list(range(1, sent + 1))
