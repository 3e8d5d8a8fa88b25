"""People, rooms and messages for tests, made through the same doors that the product uses."""

from collections.abc import Iterable
from typing import Any

from factory.declarations import LazyAttribute, Maybe, Sequence, SubFactory
from factory.django import DjangoModelFactory

from messaging.models import Conversation, Message, User


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
        room = model_class.objects.create_room(**fields)  # type: ignore[attr-defined]
        for member in members:
            room.add(member)
        return room


class MessageFactory(DjangoModelFactory[Message]):
    """A direct message of two new people; with `sender` and `conversation` one in that room."""

    class Meta:
        model = Message

    conversation = None
    sender = SubFactory(UserFactory)
    receiver = Maybe("conversation", None, SubFactory(UserFactory))
    content = Sequence(lambda number: f"words {number}")
