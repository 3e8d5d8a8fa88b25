"""An imported room keeps its name even if another room has it. A name that it gets later must be unique."""

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, Membership, User
from messaging.models.conversations.conversation import IMPORTED
from messaging.models.rooms.members import add
from messaging.models.rooms.settings import remove_room, rename, undo_room_removal
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def ada() -> User:
    return UserFactory.create()


@pytest.fixture
def imported(ada: User) -> Conversation:
    """An imported room with the same name as an existing room. Ada is administrator of both."""
    RoomFactory.create(name="Ubuntu", by=ada)
    kind = Conversation.Kind.ROOM
    room = Conversation.objects.create(kind=kind, name="ubuntu", external_id=f"{IMPORTED}ubuntu")
    add(room, ada, role=Membership.Role.ADMIN)
    return room


def test_an_imported_room_can_be_changed_while_it_keeps_its_name(imported: Conversation, ada: User) -> None:
    rename(imported, "ubuntu", "How it was", by=ada)
    remove_room(imported, ada)
    undo_room_removal(imported, ada)
    imported.refresh_from_db()
    imported.save()
    assert (imported.topic, imported.room_key) == ("How it was", None)


def test_a_new_name_of_an_imported_room_must_be_unique(imported: Conversation, ada: User) -> None:
    with pytest.raises(ValidationError):
        rename(imported, "UBUNTU", "", by=ada)  # with other capitals it is not the archive's name
    rename(imported, "Old times", "", by=ada)
    remove_room(imported, ada)
    undo_room_removal(imported, ada)
    imported.refresh_from_db()
    imported.save()
    assert imported.room_key == "old times"
    with pytest.raises(ValidationError):
        RoomFactory.create(name="old Times", by=ada)
    rename(imported, "ubuntu", "", by=ada)
    RoomFactory.create(name="old Times", by=ada)
