"""People, rooms and pictures for tests. Rooms are created with the functions that the product uses."""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory
from PIL import Image

from messaging.models import Conversation, CustomEmoji, Installation, LinkPreview, Message, User
from messaging.models.messages.changing import change_stored
from messaging.models.messages.link_preview import key_of
from messaging.models.messages.managing_emoji import add_emoji
from messaging.models.messages.previewing import FOLDER
from messaging.models.messages.uploading import random_name
from messaging.models.people.avatars import square_avatar, square_emoji
from messaging.models.people.preferences import TitleCounts
from messaging.models.rooms.members import add


class UserFactory(DjangoModelFactory[User]):
    """A person: `UserFactory(username="ada")` is shown as Ada."""

    class Meta:
        model = User

    username = Sequence(lambda number: f"person{number}")
    display_name = LazyAttribute(lambda person: person.username.capitalize())
    title_counts = TitleCounts.ALL  # not the default, so that ordinary messages are seen in the title


def uploaded_picture(side: int = 40, kind: str = "PNG", **options: Any) -> bytes:
    """A picture as a person would upload it."""
    written = BytesIO()
    Image.new("RGB", (side, side), "teal").save(written, kind, **options)
    return written.getvalue()


@cache
def stored_picture() -> bytes:
    """A picture as it is stored."""
    file = uploaded_picture()
    return square_avatar(BytesIO(file), len(file))


def custom_emoji(name: str, *other_names: str, by: User | None = None) -> CustomEmoji:
    """A custom emoji, added by this person or a new administrator."""
    by = by or UserFactory.create(role=User.Role.ADMINISTRATOR)
    return add_emoji(by, _emoji_picture(), name, other_names)


@cache
def _emoji_picture() -> bytes:
    file = uploaded_picture()
    return square_emoji(BytesIO(file), len(file))


def link_preview(
    message: Message, url: str = "https://harbour.example/tides", title: str = "Tides", **fields: Any
) -> LinkPreview:
    """The preview of a page that the message links to, with a picture, as the task stores it."""

    def write(stored: Message) -> bool:
        Message.rows.filter(pk=stored.pk).update(has_link_previews=True)
        return True

    picture = default_storage.save(random_name(FOLDER), ContentFile(stored_picture()))
    values = {"url": url, "title": title, "picture": picture, **fields}
    made = LinkPreview.objects.create(
        message=message, key=key_of(url), state=LinkPreview.State.READY, **values
    )
    change_stored(message, {}, write)
    return made


class RoomFactory(DjangoModelFactory[Conversation]):
    """A room: `RoomFactory(by=ada, members=[ben])`; its creator is a member."""

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
            add(room, member)
        return room


def open_sign_up() -> None:
    """Allow everybody to create an account."""
    Installation.objects.current()
    Installation.objects.update(sign_up=Installation.SignUp.OPEN)
