from uuid import uuid4

from messaging.models import Conversation, Draft, Message, User
from messaging.models.messages.drafting import Place, Typed, draft_at, save_draft


def draft(user: User, conversation: Conversation, text: str, reply_to: Message | None = None) -> Draft:
    """A new draft of the person."""
    place = Place(conversation.pk, reply_to.pk if reply_to else 0)
    user.refresh_from_db(fields=["drafts"])
    known = draft_at(user, *place)
    save_draft(user, place, Typed(text, uuid4(), 1, known.version if known else 0))
    user.refresh_from_db(fields=["drafts", "drafts_version", "version"])
    saved = draft_at(user, *place)
    assert saved
    return saved
