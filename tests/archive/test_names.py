"""An imported room keeps its archive's name beside one of people's; what people call it later is unique."""

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, Membership, User
from messaging.models.conversations.conversation import IMPORTED
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
    room.add(ada, role=Membership.Role.ADMIN)
    return room


def test_its_own_name_is_no_hindrance_to_it_or_others(imported: Conversation, ada: User) -> None:
    imported.rename("ubuntu", "How it was", by=ada)
    imported.take_away(ada)
    imported.bring_back(ada)
    imported.refresh_from_db()
    imported.save()
    assert (imported.topic, imported.room_key) == ("How it was", None)


def test_a_name_that_people_give_it_is_the_only_one_of_its_kind_from_then_on(
    imported: Conversation, ada: User
) -> None:
    with pytest.raises(ValidationError):
        imported.rename("UBUNTU", "", by=ada)  # written otherwise, it is not the archive's
    imported.rename("Old times", "", by=ada)
    imported.take_away(ada)
    imported.bring_back(ada)
    imported.refresh_from_db()
    imported.save()
    assert imported.room_key == "old times"
    with pytest.raises(ValidationError):
        RoomFactory.create(name="old Times", by=ada)
    imported.rename("ubuntu", "", by=ada)
    RoomFactory.create(name="old Times", by=ada)
