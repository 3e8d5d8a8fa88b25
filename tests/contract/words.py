"""A planted word that must not be found after a deletion, and the messages of others, which must stay."""

from hashlib import sha256

from messaging.models import Message

PLANTED = "xylophone"


def words_of_others(ada_id: int) -> dict[int, tuple[object, ...]]:
    """The messages of others that must stay: sender, time, a hash of all texts, and position."""
    found: dict[int, tuple[object, ...]] = {}
    written = Message.objects.exclude(sender=None).exclude(sender=ada_id).exclude(receiver=ada_id)
    for message in written.prefetch_related("history"):
        texts = [*(earlier.old_content for earlier in message.history.all()), message.content]
        digest = sha256("\0".join(texts).encode()).hexdigest()
        place = (message.conversation_id, message.parent_message_id, message.depth, message.seq)
        found[message.pk] = (message.sender_id, message.timestamp, digest, *place)
    return found
