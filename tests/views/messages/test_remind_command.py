"""/remind with a time: of a text, of the message that a reply answers, and what is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, Reminder, SavedMessage, User
from messaging.models.inbox.reminders import remind_when_due
from tests.views.inbox.reading import badge, url
from tests.views.messages.test_commands import refusal, typed
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
FRIDAY = datetime(2027, 7, 2, 10, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_oslo(ben: User, as_ben: Client) -> Iterator[None]:
    """It is 12:05 for Ben."""
    User.objects.filter(pk=ben.pk).update(time_zone="Europe/Oslo")
    with time_machine.travel(FRIDAY, tick=False):
        as_ben.force_login(ben)
        yield


def test_a_text_is_kept_in_ones_notes_and_nothing_is_said_in_the_room(
    as_ben: Client, ben: User, room: Conversation
) -> None:
    client_id = uuid4()
    for _ in range(2):  # sent again, it is one
        answer = typed(as_ben, "/remind tomorrow 9:00 call *Ada*", room, client_id=client_id)
        assert answer["Location"] == url(room, "conversation")
    page = as_ben.get(url(room, "conversation")).content.decode()
    assert "You will be reminded of “call *Ada*” on Saturday, 3 July 2027, 09:00 (Europe/Oslo)." in page
    [note] = Message.rows.all()
    assert (note.content, note.conversation) == ("call *Ada*", Conversation.objects.direct(ben, ben))
    [reminder] = Reminder.objects.all()
    assert (reminder.user, reminder.about) == (ben, note.pk)
    assert reminder.at == datetime(2027, 7, 3, 7, tzinfo=UTC)
    assert SavedMessage.objects.get().message == note
    with time_machine.travel(reminder.at, tick=False):
        remind_when_due.call(reminder.pk)
        as_ben.force_login(ben)
        assert badge(Page(as_ben.get(reverse("inbox"))), "inbox") == "1"


def test_in_a_reply_it_is_of_the_message(as_ben: Client, ben: User, message: Message) -> None:
    answer = as_ben.post(
        url(message, "message_reply"),
        {"content": "/remind in 2 hours", "client_id": uuid4()},
        headers=FRAGMENT,
    )
    assert (
        "Saved. You will be reminded on Friday, 2 July 2027, 14:05 (Europe/Oslo)." in answer.content.decode()
    )
    [reminder] = Reminder.objects.all()
    assert (reminder.about, reminder.at) == (message.pk, datetime(2027, 7, 2, 12, 5, tzinfo=UTC))
    assert Message.rows.count() == 1
    assert typed(as_ben, "/remind", message)["Location"] == url(message, "message_remind")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/remind", "When? For example: /remind in 2 hours call Ada"),
        ("/remind call Ada", "When? For example"),
        ("/remind 31 February call Ada", "When? For example"),
        ("/remind tomorrow 9:00", "What should you be reminded of? Write it after the time"),
        ("/remind today at 12:00 call Ada", "This time is in the past: it is now 2027-07-02 12:05."),
        ("/remind 2029-01-01 call Ada", "This is more than a year from now."),
        ("/remind in 9999 weeks call Ada", "This is more than a year from now."),
    ],
)
def test_what_is_refused_says_why(as_ben: Client, room: Conversation, text: str, why: str) -> None:
    answer = typed(as_ben, text, room)
    assert why in refusal(answer)
    assert not Reminder.objects.exists()
    assert not Message.rows.exists()


def test_in_a_reply_a_text_is_refused_and_a_removed_message_too(
    as_ben: Client, ada: User, message: Message
) -> None:
    answer = typed(as_ben, "/remind tomorrow call Ada", message)
    assert answer.status_code == 422
    assert "“call Ada” is not understood" in answer.content.decode()
    message.remove(by=ada)
    answer = typed(as_ben, "/remind tomorrow", message)
    assert "This message was removed." in answer.content.decode()
    assert not Reminder.objects.exists()
