"""An imported room keeps its archive's name beside one of people's; what people call it later is unique."""

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, Membership, User
from messaging.models.conversations.conversation import IMPORTED
from messaging.models.rooms.administration import remove_room, rename, undo_room_removal
from messaging.models.rooms.members import add
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def ada() -> User:
    return UserFactory.create()


@pytest.fixture
def imported(ada: User) -> Conversation:
    """Of the name of a room that is there; Ada looks after both."""
    RoomFactory.create(name="Ubuntu", by=ada)
    kind = Conversation.Kind.ROOM
    room = Conversation.objects.create(kind=kind, name="ubuntu", external_id=f"{IMPORTED}ubuntu")
    add(room, ada, role=Membership.Role.ADMIN)
    return room


def test_its_own_name_is_no_hindrance_to_it_or_others(imported: Conversation, ada: User) -> None:
    rename(imported, "ubuntu", "How it was", by=ada)
    remove_room(imported, ada)
    undo_room_removal(imported, ada)
    imported.refresh_from_db()
    imported.save()
    assert (imported.topic, imported.room_key) == ("How it was", None)


def test_a_name_that_people_give_it_is_the_only_one_of_its_kind_from_then_on(
    imported: Conversation, ada: User
) -> None:
    with pytest.raises(ValidationError):
        rename(imported, "UBUNTU", "", by=ada)  # written otherwise, it is not the archive's
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
