"""A person with messages in every kind of conversation, and small batches."""

import pytest

from messaging.models import AccountDeletion, Conversation, Message, User
from messaging.models.accounts import deletion_batches
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deletion_batches, "MAX_BATCH", 3)
    monkeypatch.setattr(AccountDeletion, "size", 3)


@pytest.fixture
def zoes_messages(zoe: User, ada: User, ben: User, room: Conversation) -> None:
    """Messages of Zoe's in rooms, a group and direct conversations, and messages of others around them."""
    root = post(room, ben, "bens-root for @zoe-planted")
    answered = post(room, zoe, "xylophone-answer", parent=root)
    post(room, ben, "bens-answer", parent=answered)
    for number in range(8):
        post(room, zoe, f"xylophone {number} for @ada").edit(f"xylophone-edited {number}")
        post(room, ada, f"adas {number}")
    for number in range(5):
        Message(sender=zoe, receiver=ben, content=f"xylophone-sent {number}").save()
        Message(sender=ben, receiver=zoe, content=f"to-zoe {number}").save()
    for message, user in ((root, zoe), (root, ben), (answered, ben), (answered, zoe)):
        react(message, user, "🎉")
    post(Conversation.objects.create_group(zoe, [ada, ben]), zoe, "xylophone-group")
    elsewhere = Conversation.objects.create_room("attic", by=zoe)
    add(elsewhere, ada)
    post(elsewhere, ada, "adas, removed by zoe").remove(by=zoe, reason="xylophone-reason")
    post(elsewhere, zoe, "xylophone-left")
    leave(elsewhere, zoe)
