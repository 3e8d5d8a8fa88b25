"""Reminders in the inbox, and the form that sets one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, Reminder, SavedMessage, User
from messaging.models.inbox.reminders import SHOWN, remind_again
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.views.growing import write_roots
from tests.views.inbox.reading import badge, url
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
INBOX = reverse("inbox")
IN_LIST = {**FRAGMENT, "HX-Target": "div#list"}
FRIDAY = datetime(2027, 7, 2, 10, 5, tzinfo=UTC)


@pytest.fixture
def read(message: Message, ben: User) -> Message:
    """Ada's message, which Ben has read."""
    Message.unread_messages.mark_as_read_for_user(ben)
    return message


def test_the_form_offers_the_times_of_the_inbox_and_saves_the_message(
    as_ben: Client, ben: User, message: Message
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        as_ben.force_login(ben)
        form = as_ben.get(url(message, "message_remind")).content.decode()
        for offer in ("In an hour", "This evening", "Tomorrow", "Next week", "At another time"):
            assert offer in form
        answer = as_ben.post(url(message, "message_remind"), {"when": "week"}, follow=True)
        assert "Saved. You will be reminded on Monday, 5 July, 09:00." in answer.content.decode()
        assert Reminder.objects.get().at == datetime(2027, 7, 5, 9, tzinfo=UTC)
        assert SavedMessage.objects.get().message == message
        assert "Do not remind me" in as_ben.get(url(message, "message_remind")).content.decode()
        as_ben.post(url(message, "message_forget_reminder"))
        assert (Reminder.objects.count(), SavedMessage.objects.count()) == (0, 1)


@pytest.mark.parametrize("headers", [None, FRAGMENT], ids=["page", "htmx"])
@pytest.mark.parametrize("at", ["2027-07-02T10:04", "2029-01-01T00:00", "soon", ""])
def test_a_time_that_cannot_be_is_refused(
    as_ben: Client, ben: User, message: Message, at: str, headers: dict[str, str] | None
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        as_ben.force_login(ben)
        answer = as_ben.post(url(message, "message_remind"), {"at": at}, headers=headers)
    assert answer.status_code == 422
    assert "<li>" in answer.content.decode()
    assert not Reminder.objects.exists()


def test_it_stands_first_in_the_inbox_and_counts_in_its_badge(
    as_ben: Client, ben: User, ada: User, read: Message, room: Conversation
) -> None:
    post(room, ada, "Something new")
    remind_again(ben, read)
    page = Page(as_ben.get(INBOX))
    assert page.words() == ["Land ho", "Something new"]
    assert (badge(page, "inbox"), badge(page, room.pk)) == ("1", "1")
    assert Page(as_ben.get(f"{INBOX}?show=for-me")).words() == ["Land ho"]
    assert Page(as_ben.get(f"{INBOX}?show=rooms")).words() == ["Something new"]


def test_all_ids_differ_though_its_message_is_unread_too(as_ben: Client, ben: User, message: Message) -> None:
    remind_again(ben, message)
    page = Page(as_ben.get(INBOX))
    assert page.words() == ["Land ho", "Land ho"]
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("headers", [None, IN_LIST], ids=["page", "htmx"])
def test_done_removes_it_and_can_be_undone(
    as_ben: Client, ben: User, read: Message, headers: dict[str, str] | None
) -> None:
    remind_again(ben, read)
    done = reverse("reminder_done", args=[Reminder.objects.get().pk])
    page = Page(as_ben.post(done, headers=headers, follow=True))
    assert (page.words(), "Reminder done." in page.html) == ([], True)
    assert badge(page, "inbox") == ""
    assert SavedMessage.objects.exists()
    page = Page(as_ben.post(url(read, "message_remind_again"), headers=headers, follow=True))
    assert (page.words(), "Reminder done." in page.html) == (["Land ho"], False)


def test_marking_everything_as_read_leaves_it(as_ben: Client, ben: User, message: Message) -> None:
    remind_again(ben, message)
    as_ben.post(reverse("all_read"), {"until": ben.notifications.get().pk})
    page = Page(as_ben.get(INBOX))
    assert (page.words(), badge(page, "inbox")) == (["Land ho"], "1")


def test_another_time_takes_it_out_of_the_inbox(as_ben: Client, ben: User, read: Message) -> None:
    remind_again(ben, read)
    answer = as_ben.post(url(read, "message_remind"), {"when": "hour"}, headers=FRAGMENT)
    assert answer["HX-Trigger"] == "list-changed"
    assert Page(as_ben.get(INBOX)).words() == []


@pytest.mark.parametrize("how", ["removed", "left"])
def test_of_a_message_that_is_gone_it_says_so_without_its_words(
    as_ben: Client, ben: User, read: Message, room: Conversation, how: str
) -> None:
    remind_again(ben, read)
    if how == "removed":
        read.remove()
    else:
        leave(room, ben)
    answer = as_ben.get(INBOX)
    page = Page(answer)
    assert "a message that is no longer there for you" in page.html
    assert not any(word in page.html for word in ("Land ho", *(["Harbour"] if how == "left" else [])))
    done = next(
        one.attributes["action"] for one in page.elements if "/done/" in one.attributes.get("action", "")
    )
    page = Page(as_ben.post(done, follow=True))
    assert "You are all caught up" in page.html
    assert reverse("message_remind_again", args=[read.pk]) not in page.html


def test_others_reminders_cannot_be_touched(as_ada: Client, ben: User, message: Message) -> None:
    remind_again(ben, message)
    assert as_ada.post(reverse("reminder_done", args=[Reminder.objects.get().pk])).status_code == 404
    assert Page(as_ada.get(INBOX)).words() == []


def test_so_many_are_shown_at_once_and_all_are_counted(
    as_ben: Client, ben: User, room: Conversation, ada: User
) -> None:
    for root in write_roots(room, ada, SHOWN + 2):
        remind_again(ben, root)
    Message.unread_messages.mark_as_read_for_user(ben)
    page = Page(as_ben.get(INBOX))
    assert (len(page.words()), badge(page, "inbox")) == (SHOWN, str(SHOWN + 2))


def test_the_inbox_takes_as_many_queries_for_ten_as_for_twenty(
    ben: User, room: Conversation, ada: User, cost: Callable[..., int]
) -> None:
    costs = []
    for _ in range(2):
        for root in write_roots(room, ada, 10):
            remind_again(ben, root)
        costs.append(cost(INBOX))
    assert costs[0] == costs[1] <= 18


def test_the_offers_are_in_the_persons_time_zone(as_ben: Client, ben: User, message: Message) -> None:
    User.objects.filter(pk=ben.pk).update(time_zone="Asia/Tokyo")
    with time_machine.travel(FRIDAY, tick=False):
        as_ben.force_login(ben)
        as_ben.post(url(message, "message_remind"), {"when": "tomorrow"})
    assert Reminder.objects.get().at == datetime(2027, 7, 3, 0, tzinfo=UTC)
    assert Reminder.objects.get().at - FRIDAY < timedelta(days=1)
