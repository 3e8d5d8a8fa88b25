"""What somebody else deletes just after a change, or just before it is read again, causes no error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from messaging.models.rooms.settings import archive, unarchive
from messaging.views.inbox import inbox
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def after_the_change(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Takes an act, which happens once, right after the next change of a conversation was committed."""
    writing = Conversation.writing

    def happens(act: Callable[[], object]) -> None:
        @contextmanager
        def followed_by_act(*args: Any, **options: Any) -> Iterator[int]:
            monkeypatch.setattr(Conversation, "writing", writing)
            with writing(*args, **options) as version:
                yield version
            act()

        monkeypatch.setattr(Conversation, "writing", followed_by_act)

    return happens


@pytest.mark.parametrize(
    ("remover", "is_removed_already"),
    [("ben", False), ("ada", False), (None, False), ("ben", True), ("ada", True)],
    ids=["by its author", "by a moderator", "by the program", "again by its author", "again by a moderator"],
)
def test_a_tombstone_is_swept_right_after_the_removal(
    room: Conversation,
    message: Message,
    ben: User,
    remover: str | None,
    is_removed_already: bool,
    after_the_change: Callable[[Callable[[], object]], None],
) -> None:
    zoe = UserFactory.create(username="zoe")
    add(room, zoe)
    post(room, zoe, "Aye", parent=message)
    reply = post(room, ben, "Mine", parent=message)
    if is_removed_already:
        reply.remove(by=ben)
    by = User.objects.filter(username=remover).first()
    after_the_change(zoe.delete)
    reply.remove(by=by, reason="")
    assert reply.is_removed
    assert reply.content == ""
    assert not Message.objects.filter(pk=reply.pk).exists()


@pytest.mark.parametrize(("change", "is_archived"), [(archive, True), (unarchive, False)])
def test_a_room_is_deleted_right_after_it_was_archived_or_opened(
    ada: User,
    change: Callable[[Conversation, User], None],
    is_archived: bool,
    after_the_change: Callable[[Callable[[], object]], None],
) -> None:
    room = RoomFactory.create(by=ada, is_private=True)
    if not is_archived:
        archive(room, ada)
    after_the_change(ada.delete)
    change(room, ada)
    assert (room.archived_at is not None) == is_archived
    assert not Conversation.objects.filter(pk=room.pk).exists()


def test_messages_are_deleted_while_the_inbox_lists_them(
    as_ada: Client, ada: User, ben: User, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = post(room, ada, "Root")
    gone = [post(room, ben, "An answer", root), post(room, ben, "To all"), post(room, ben, "For @ada")]
    read = inbox.messages_of

    def delete_first(groups: Any) -> Any:
        for message in (*gone, root):
            message.delete()
        return read(groups)

    monkeypatch.setattr(inbox, "messages_of", delete_first)
    answer = as_ada.get(reverse("inbox"))
    assert answer.status_code == 200
    assert "For @ada" not in answer.content.decode()


def test_a_message_is_deleted_while_its_edit_form_is_opened(
    as_ada: Client, ada: User, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = post(room, ada, "Mine")
    read = Message.text_and_revision

    def delete_first(self: Message) -> Any:
        message.delete()
        return read(self)

    monkeypatch.setattr(Message, "text_and_revision", delete_first)
    assert as_ada.get(reverse("message_edit", args=[message.pk])).status_code == 404
