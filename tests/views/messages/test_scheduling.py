"""Sending later by forms, without script, and the person's list."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import Conversation, Message, ScheduledMessage, User
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import schedule, send_scheduled
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 27, 15, tzinfo=UTC)  # 16:00 in Berlin, whose clocks go forward on Sunday


@pytest.fixture
def berlin(ben: User) -> User:
    User.objects.filter(pk=ben.pk).update(time_zone="Europe/Berlin")
    ben.refresh_from_db()
    return ben


@pytest.fixture
def place(room: Conversation) -> str:
    return reverse("message_schedule", args=[room.pk])


def later(user: User, room: Conversation, text: str = "Words for later") -> ScheduledMessage:
    schedule(user, room, text, timezone.now() + timedelta(hours=1), uuid4())
    return user.scheduled.latest("pk")


@pytest.mark.parametrize(
    ("chosen", "due_at"),
    [
        ({"when": "1"}, "2026-03-27T16:00+00:00"),
        ({"when": "2"}, "2026-03-28T08:00+00:00"),
        ({"when": "3"}, "2026-03-30T07:00+00:00"),  # 9:00 in summer time
        ({"at": "2026-03-29T12:00"}, "2026-03-29T10:00+00:00"),
    ],
)
def test_a_time_is_one_on_the_persons_clock(
    berlin: User, browser: Callable[[User], Client], place: str, chosen: dict[str, str], due_at: str
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        answer = browser(berlin).post(place, {"content": "Hello", **chosen}, follow=True)
    assert "Your message will be sent on" in answer.content.decode()
    [scheduled] = berlin.scheduled.all()
    assert (scheduled.due_at, scheduled.text) == (datetime.fromisoformat(due_at), "Hello")
    assert "1 message scheduled here" in answer.content.decode()


def test_a_composer_without_a_time_gets_the_form_with_its_words(
    ben: User, browser: Callable[[User], Client], place: str
) -> None:
    key = str(uuid4())
    page = browser(ben).post(place, {"content": "Half <done>", "client_id": key}).content.decode()
    assert "Half &lt;done&gt;" in page
    assert key in page
    assert not ben.scheduled.exists()


def test_what_is_refused_is_shown_again_with_the_reason(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client], place: str
) -> None:
    client = browser(ben)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"at": "2020-01-01T09:00"}, "in the past"),
        ({"at": ""}, "Enter a date and time"),
        ({"when": "2", "uploaded": "7"}, "Files cannot be sent later"),
        ({"when": "2", "attached": SimpleUploadedFile("a.txt", b"a")}, "Files cannot be sent later"),
    ]
    for fields, why in cases:
        answer = client.post(place, {"content": "My words", **fields})
        assert answer.status_code == 422
        assert why in answer.content.decode()
        assert "My words" in answer.content.decode()
    archive(room, by=ada)
    answer = client.post(place, {"content": "My words", "when": "2"})
    assert (answer.status_code, "is archived" in answer.content.decode()) == (422, True)
    assert not ben.scheduled.exists()


def test_a_used_id_is_refused_and_the_form_gets_another(
    room: Conversation, ben: User, browser: Callable[[User], Client], place: str
) -> None:
    key = uuid4()
    post(room, ben, "Sent", client_id=key)
    fields = {"content": "Other", "client_id": str(key), "when": "2"}
    answer = browser(ben).post(place, fields)
    assert answer.status_code == 422
    assert str(key) not in answer.content.decode()


def test_a_reply_is_scheduled_and_belongs_to_its_conversation(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client], place: str
) -> None:
    root = post(room, ada, "Root")
    client = browser(ben)
    answer = client.post(f"{place}?reply_to={root.pk}", {"content": "Reply", "when": "1"})
    assert answer["Location"] == reverse("thread", args=[root.pk])
    assert ben.scheduled.get().reply_to == root.pk
    elsewhere = Conversation.objects.direct(ada, ben)
    other = reverse("message_schedule", args=[elsewhere.pk])
    for wrong in (f"{other}?reply_to={root.pk}", f"{place}?reply_to=0", f"{place}?reply_to=x"):
        assert client.post(wrong, {"content": "Reply", "when": "1"}).status_code == 404
    assert ben.scheduled.count() == 1


def test_the_list_edits_sends_and_deletes(
    room: Conversation, ben: User, browser: Callable[[User], Client]
) -> None:
    client, one, other = browser(ben), later(ben, room), later(ben, room, "Never mind")
    page = client.get(reverse("scheduled_list")).content.decode()
    assert page.index("Words for later") < page.index("Never mind")
    edit = reverse("scheduled_edit", args=[one.pk])
    form = client.get(edit).content.decode()
    assert f"{one.due_at:%Y-%m-%dT%H:%M}" in form
    client.post(edit, {"content": "Better words", "when": "1"})
    answer = client.post(reverse("scheduled_send", args=[one.pk]), follow=True)
    assert "Better words" in answer.content.decode()
    delete = reverse("scheduled_delete", args=[other.pk])
    assert "Never mind" in client.get(delete).content.decode()
    assert ben.scheduled.count() == 1
    assert "Nothing is scheduled" in client.post(delete, follow=True).content.decode()
    assert Message.rows.count() == 1


def test_what_could_not_be_sent_is_said_in_the_list_and_in_the_inbox(
    room: Conversation, ben: User, browser: Callable[[User], Client]
) -> None:
    client, scheduled = browser(ben), later(ben, room)
    assert "could not be sent" not in client.get(reverse("inbox")).content.decode()
    leave(room, ben)
    send_scheduled(scheduled.pk, is_now=True)
    page = client.get(reverse("scheduled_list")).content.decode()
    for words in ("Words for later", "You are no longer a member", "A conversation that you left"):
        assert words in page
    inbox = client.get(reverse("inbox")).content.decode()
    assert "1 scheduled message could not be sent" in inbox
    assert reverse("scheduled_list") in inbox


def test_an_archived_room_is_none_that_the_person_left(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    later(ben, room)
    archive(room, by=ada)
    page = browser(ben).get(reverse("scheduled_list")).content.decode()
    assert "An archived room" in page
    assert "A conversation that you left" not in page


def test_the_list_takes_as_few_queries_for_many(
    room: Conversation, ben: User, browser: Callable[[User], Client], django_assert_max_num_queries: Callable
) -> None:
    client = browser(ben)
    for number in range(20):
        later(ben, room, f"word {number}")
    client.get(reverse("scheduled_list"))
    with django_assert_max_num_queries(9):
        client.get(reverse("scheduled_list"))
