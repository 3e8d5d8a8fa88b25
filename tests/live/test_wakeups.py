"""Wake-ups say that something changed: on commit, once, to every process, and they never fail."""

import socket
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction

from messaging.live import wakeups
from messaging.live.wakeups import Wakeup
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.live.conftest import cookie_of

pytestmark = pytest.mark.django_db(transaction=True)


Wakeups = list[Wakeup]


@pytest.fixture
def wakeups_sent() -> Iterator[Wakeups]:
    """The wake-ups that this process received."""
    received: Wakeups = []
    wakeups.listeners.add(received.append)
    yield received
    wakeups.listeners.discard(received.append)


def test_a_write_wakes_its_conversation_and_none_of_its_members(
    room: Conversation, ada: User, wakeups_sent: Wakeups
) -> None:
    wakeups_sent.clear()
    message = post(room, ada, "said")
    message.edit("said otherwise")
    message.remove()
    assert wakeups_sent == [Wakeup(frozenset([room.pk]))] * 3


def test_wakeups_are_sent_after_the_commit_and_not_after_a_rollback(
    room: Conversation, ada: User, wakeups_sent: Wakeups
) -> None:
    wakeups_sent.clear()
    with transaction.atomic():
        post(room, ada, "one")
        assert wakeups_sent == []
    assert len(wakeups_sent) == 1
    with transaction.atomic():
        post(room, ada, "two")
        transaction.set_rollback(True)
    assert len(wakeups_sent) == 1


def people_in(wakeups_sent: Wakeups) -> set[int]:
    return {user_id for wakeup in wakeups_sent for user_id in wakeup.people}


def test_change_of_a_person_wakes_that_person(
    room: Conversation, ada: User, ben: User, stranger: User, wakeups_sent: Wakeups
) -> None:
    post(room, ada, "for ben")
    wakeups_sent.clear()
    Message.unread_messages.mark_as_read_for_user(ben)
    assert people_in(wakeups_sent) == {ben.pk}
    wakeups_sent.clear()
    add(room, stranger)
    assert people_in(wakeups_sent) == {stranger.pk}
    wakeups_sent.clear()
    leave(room, stranger)
    assert people_in(wakeups_sent) == {stranger.pk}


CHANGES: dict[str, Callable[[User], object]] = {
    "another name": lambda ada: setattr(ada, "display_name", "Countess"),
    "another password": lambda ada: ada.set_password("seven white swans"),
    "deactivated": lambda ada: setattr(ada, "is_active", False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_change_for_everybody_wakes_the_installation(
    change: Callable[[User], object], ada: User, wakeups_sent: Wakeups
) -> None:
    change(ada)
    ada.save()
    assert [wakeup for wakeup in wakeups_sent if wakeup.installation]
    wakeups_sent.clear()
    ada.save()
    assert wakeups_sent == []


def test_the_end_of_a_session_wakes_the_installation_unless_it_is_anonymous(
    ada: User, room: Conversation, wakeups_sent: Wakeups
) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    from messaging.auth.session_store import SessionStore as OurStore

    assert issubclass(OurStore, SessionStore)
    anonymous = OurStore()
    anonymous["cart"] = 1
    anonymous.save()
    cookie_of(ada)
    wakeups_sent.clear()
    anonymous.flush()
    assert wakeups_sent == []
    ada.sessions.all().delete()
    assert [wakeup.installation for wakeup in wakeups_sent] == [True]


@pytest.mark.parametrize("address", ["redis://127.0.0.1:{port}/0", "unix:///nowhere/socket", "redis://[::1"])
def test_without_redis_at_its_address_nothing_is_raised(
    address: str,
    room: Conversation,
    ada: User,
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The worst case is a port that accepts connections and never answers: only the first attempt waits."""
    monkeypatch.setattr(wakeups, "time", SimpleNamespace(monotonic=lambda: 1.0))  # all in the same moment
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = address.format(port=silent.getsockname()[1])
        settings.REDIS_URL = url  # type: ignore[attr-defined]
        wakeups._publisher.cache_clear()
        for number in range(5):
            post(room, ada, f"message {number}")
    wakeups._publisher.cache_clear()
    assert "could not be published to Redis" in caplog.messages[0]
    assert len(caplog.messages) == 1
