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


Poked = list[Wakeup]


@pytest.fixture
def woken_by() -> Iterator[Poked]:
    """What this process was told."""
    heard: Poked = []
    wakeups.listeners.add(heard.append)
    yield heard
    wakeups.listeners.discard(heard.append)


def test_write_wakes_its_conversation_and_none_of_its_members(
    room: Conversation, ada: User, woken_by: Poked
) -> None:
    woken_by.clear()
    message = post(room, ada, "said")
    message.edit("said otherwise")
    message.remove()
    assert woken_by == [Wakeup(frozenset([room.pk]))] * 3


def test_nothing_is_said_before_the_commit_nor_after_a_rollback(
    room: Conversation, ada: User, woken_by: Poked
) -> None:
    woken_by.clear()
    with transaction.atomic():
        post(room, ada, "one")
        assert woken_by == []
    assert len(woken_by) == 1
    with transaction.atomic():
        post(room, ada, "two")
        transaction.set_rollback(True)
    assert len(woken_by) == 1


def people_in(woken_by: Poked) -> set[int]:
    return {user_id for poke in woken_by for user_id in poke.people}


def test_change_of_a_person_wakes_that_person(
    room: Conversation, ada: User, ben: User, stranger: User, woken_by: Poked
) -> None:
    post(room, ada, "for ben")
    woken_by.clear()
    Message.unread_messages.mark_as_read_for_user(ben)
    assert people_in(woken_by) == {ben.pk}
    woken_by.clear()
    add(room, stranger)
    assert people_in(woken_by) == {stranger.pk}
    woken_by.clear()
    leave(room, stranger)
    assert people_in(woken_by) == {stranger.pk}


CHANGES: dict[str, Callable[[User], object]] = {
    "another name": lambda ada: setattr(ada, "display_name", "Countess"),
    "another password": lambda ada: ada.set_password("seven white swans"),
    "deactivated": lambda ada: setattr(ada, "is_active", False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_change_for_everybody_wakes_the_installation(
    change: Callable[[User], object], ada: User, woken_by: Poked
) -> None:
    change(ada)
    ada.save()
    assert [poke for poke in woken_by if poke.installation]
    woken_by.clear()
    ada.save()
    assert woken_by == []


def test_a_session_that_ends_does_too_but_not_one_that_nobody_has(
    ada: User, room: Conversation, woken_by: Poked
) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    from messaging.auth.session_store import SessionStore as OurStore

    assert issubclass(OurStore, SessionStore)
    anonymous = OurStore()
    anonymous["cart"] = 1
    anonymous.save()
    cookie_of(ada)
    woken_by.clear()
    anonymous.flush()
    assert woken_by == []
    ada.sessions.all().delete()
    assert [poke.installation for poke in woken_by] == [True]


@pytest.mark.parametrize("address", ["redis://127.0.0.1:{port}/0", "unix:///nowhere/socket", "redis://[::1"])
def test_without_redis_at_its_address_nothing_is_raised(
    address: str,
    room: Conversation,
    ada: User,
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A port that takes connections and never answers is the worst of them: it is waited for once."""
    monkeypatch.setattr(wakeups, "time", SimpleNamespace(monotonic=lambda: 1.0))  # all in the same moment
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = address.format(port=deaf.getsockname()[1])
        settings.REDIS_URL = url  # type: ignore[attr-defined]
        wakeups._publisher.cache_clear()
        for number in range(5):
            post(room, ada, f"message {number}")
    wakeups._publisher.cache_clear()
    assert "could not be published to Redis" in caplog.messages[0]
    assert len(caplog.messages) == 1
