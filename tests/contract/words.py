"""What is looked for after a deletion: a planted word that must be gone, and other people's that must not."""

from hashlib import sha256

from messaging.models import Message

PLANTED = "xylophone"


def words_of_others(ada_id: int) -> dict[int, tuple[object, ...]]:
    """What others wrote where it stays, with its place, whom it answers, and a hash of every text it had."""
    found: dict[int, tuple[object, ...]] = {}
    written = Message.objects.exclude(sender=None).exclude(sender=ada_id).exclude(receiver=ada_id)
    for message in written.prefetch_related("history"):
        texts = [*(earlier.old_content for earlier in message.history.all()), message.content]
        digest = sha256("\0".join(texts).encode()).hexdigest()
        place = (message.conversation_id, message.parent_message_id, message.depth, message.seq)
        found[message.pk] = (message.sender_id, message.timestamp, digest, *place)
    return found
