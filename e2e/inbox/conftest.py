import pytest

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from tests.factories import RoomFactory


@pytest.fixture
def quay(ada: User, ben: User) -> Conversation:
    """A room of Ada's with something unread for her."""
    quay = Conversation.objects.create_room("quay", by=ada)
    post(quay, ada, "Who is here?")
    return quay


@pytest.fixture
def garden(ada: User, ben: User) -> Conversation:
    return RoomFactory.create(name="garden 2", by=ada, members=[ben])
