"""A locked database and a full disk: said as they are, and nothing is acknowledged that is not there.

SQLite's own troubles, on a database that is really locked and really full.
"""

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.factories import UserFactory
from tests.views.page import Answer, Page

pytestmark = pytest.mark.django_db(transaction=True)
SHORT = "PRAGMA busy_timeout = 50"  # milliseconds; the product waits for five seconds


@pytest.fixture
def locked(room: Conversation, as_ada: Client) -> Iterator[None]:
    """Another process holds the write lock."""
    run(SHORT)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()
    run("PRAGMA busy_timeout = 5000")


@pytest.fixture
def full(room: Conversation, as_ada: Client) -> Iterator[None]:
    """The disk has room for not one more page."""
    pages = run("PRAGMA page_count")
    run(f"PRAGMA max_page_count = {pages}")
    yield
    run("PRAGMA max_page_count = 1073741823")


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        return (cursor.execute(statement).fetchone() or [0])[0]


def send(client: Client, room: Conversation, text: str) -> Answer:
    return client.post(reverse("message_send", args=[room.pk]), {"content": text})


@pytest.mark.english
def test_while_it_is_locked_a_send_is_answered_with_when_to_try_again(
    locked: None, as_ada: Client, room: Conversation
) -> None:
    answer = send(as_ada, room, "Lost?")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "nothing was saved" in Page(answer).html
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["message_reply", "message_edit", "message_remove"])
def test_while_it_is_locked_every_other_change_gets_503_too(
    request: pytest.FixtureRequest, as_ada: Client, room: Conversation, ada: User, name: str
) -> None:
    message = post(room, ada, "Land ho")
    before = Message.rows.values().get()
    request.getfixturevalue("locked")
    answer = as_ada.post(reverse(name, args=[message.pk]), {"content": "Changed", "revision": 0})
    assert answer.status_code == 503
    assert Message.rows.values().get() == before


def test_while_it_is_locked_everything_can_be_read(
    request: pytest.FixtureRequest, as_ada: Client, room: Conversation, ada: User
) -> None:
    message = post(room, ada, "Land ho")
    as_ada.get("/")  # the first page creates the Installation row
    request.getfixturevalue("locked")
    for name, pk in (("conversation", room.pk), ("message_list", room.pk), ("thread", message.pk)):
        answer = as_ada.get(reverse(name, args=[pk]))
        assert (name, answer.status_code, Page(answer).words()) == (name, 200, ["Land ho"])


def test_when_the_lock_is_gone_the_same_send_succeeds(as_ada: Client, room: Conversation) -> None:
    run(SHORT)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert send(as_ada, room, "Again").status_code == 503
    other.execute("ROLLBACK")
    other.close()
    assert send(as_ada, room, "Again").status_code == 302
    assert Message.objects.count() == 1


def test_signing_in_to_a_locked_database_is_answered_the_same_way(
    request: pytest.FixtureRequest, client: Client, room: Conversation
) -> None:
    dora = UserFactory.create(username="dora")
    dora.set_password("a long pass phrase")
    dora.save()
    request.getfixturevalue("locked")
    client.raise_request_exception = False
    answer = client.post(reverse("account_login"), {"login": "dora", "password": "a long pass phrase"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


def test_on_a_full_disk_every_acknowledged_message_is_there_and_no_other(
    full: None, as_ada: Client, room: Conversation
) -> None:
    answers = [send(as_ada, room, f"{number} {'x' * 4_000}") for number in range(20)]
    acknowledged = sum(answer.status_code == 302 for answer in answers)
    assert {answer.status_code for answer in answers} <= {302, 507}
    assert answers[-1].status_code == 507
    assert gettext("The disk is full") in Page(answers[-1]).html
    assert Message.objects.count() == acknowledged
    room.refresh_from_db()
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(room.version - acknowledged + 1, room.version + 1)
    )


def test_on_a_full_disk_everything_can_be_read_and_when_there_is_room_again_written(
    as_ada: Client, room: Conversation, full: None
) -> None:
    while send(as_ada, room, "x" * 4_000).status_code == 302:
        pass
    assert as_ada.get(reverse("conversation", args=[room.pk])).status_code == 200
    run("PRAGMA max_page_count = 1073741823")
    assert send(as_ada, room, "Room again").status_code == 302
    assert Message.objects.filter(content="Room again").exists()
