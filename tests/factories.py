"""People and rooms for tests, made through the same doors that the product uses."""

from collections.abc import Iterable
from typing import Any

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from messaging.models import Conversation, User


class UserFactory(DjangoModelFactory[User]):
    """A person: `UserFactory(username="ada")` is shown as Ada."""

    class Meta:
        model = User

    username = Sequence(lambda number: f"person{number}")
    display_name = LazyAttribute(lambda person: person.username.capitalize())


class RoomFactory(DjangoModelFactory[Conversation]):
    """A room: `RoomFactory(by=ada, members=[ben])`; its maker is in it."""

    class Meta:
        model = Conversation

    name = Sequence(lambda number: f"room {number}")
    by = SubFactory(UserFactory)

    @classmethod
    def _create(
        cls, model_class: type[Conversation], *args: Any, members: Iterable[User] = (), **fields: Any
    ) -> Conversation:
        room = model_class.objects.create_room(**fields)
        for member in members:
            room.add(member)
        return room
