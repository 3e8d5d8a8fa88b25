"""Pins: set and taken back under the lock, counted on open pages, and nothing is left of them."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, Message, Notification, User
from messaging.models.accounts.personal_data import parts_of
from messaging.models.messages.header_counts import HeaderCounts, header_counts
from messaging.models.messages.pinning import pin, pins_of, unpin
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    return post(room, ada, "Land ho")


def stored(message: Message) -> Message:
    return Message.rows.select_related("conversation", "pinned_by").get(pk=message.pk)


def test_a_pin_takes_a_version_for_the_message_and_one_for_the_head_of_the_page(
    message: Message, ada: User, ben: User
) -> None:
    before = stored(message).conversation.version
    assert pin(message, ben).version == before + 2
    assert pin(message, ada).version == before + 2  # it is pinned already
    found = stored(message)
    assert (found.conversation.version, found.version, found.pinned_by) == (before + 2, before + 2, ben)
    assert unpin(message, ada).version == unpin(message, ada).version == before + 4
    assert not stored(message).is_pinned


def test_an_edit_that_changes_nothing_shows_the_pin_as_it_is_stored(message: Message, ada: User) -> None:
    stale = Message.rows.get(pk=message.pk)
    pin(message, ada)
    stale.save()
    assert (stale.is_pinned, stale.pinned_by) == (True, ada)


def test_pins_are_listed_and_counted_the_last_first(message: Message, room: Conversation, ada: User) -> None:
    other = post(room, ada, "Another")
    for one in (other, message):
        pin(one, ada)
    assert list(pins_of(room.pk)) == [message, other]
    assert header_counts(room.pk, ada.pk) == HeaderCounts(room.memberships.count(), 2)
    assert header_counts(0, ada.pk) == HeaderCounts()


REFUSALS: dict[str, Callable[[Message, User, User], Any]] = {
    "removed": lambda message, ada, ben: message.remove(by=ada),
    "archived": lambda message, ada, ben: archive(message.conversation, by=ada),
    "editor": lambda message, ada, ben: leave(message.conversation, ben),
}


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("act", [pin, unpin])
def test_it_is_refused_under_the_lock(
    message: Message, ada: User, ben: User, code: str, act: Callable[..., Message]
) -> None:
    """The message was read before something changed, as in a request that comes late."""
    stale = stored(message)
    REFUSALS[code](message, ada, ben)
    before = stored(message).conversation.version
    with pytest.raises(ValidationError) as refused:
        act(stale, ben)
    assert refused.value.code == code
    assert stored(message).conversation.version == before


def test_nothing_becomes_unread_by_it_and_an_edit_leaves_it(message: Message, ada: User, ben: User) -> None:
    Message.unread_messages.mark_as_read_for_user(ben)
    before = list(Notification.objects.order_by("pk").values_list("pk", "user", "read_at"))
    pin(message, ada)
    message.edit("Land!")
    assert list(Notification.objects.order_by("pk").values_list("pk", "user", "read_at")) == before
    assert stored(message).is_pinned


def test_a_removed_message_is_not_pinned_and_the_head_of_the_page_is_loaded_again(
    message: Message, ada: User
) -> None:
    pin(message, ada)
    before = stored(message).conversation.version
    message.remove(by=ada)
    found = stored(message)
    assert not found.is_pinned
    assert found.pinned_by is None
    assert (found.version, found.conversation.version) == (before + 1, before + 2)


def test_a_pin_outlives_the_account_of_who_set_it(message: Message, ben: User) -> None:
    pin(message, ben)
    [of_ben] = cast(list[dict[str, object]], parts_of(ben)["pinned"])
    assert of_ben["message"] == message.pk
    ben.delete()
    found = stored(message)
    assert found.is_pinned
    assert found.pinned_by is None
