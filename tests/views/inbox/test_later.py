"""What is put off leaves the inbox, and comes back at the time that was chosen."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from messaging.background.models import QueuedTask
from messaging.models import Conversation, Later, Message, User
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.inbox.later import come_back
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from tests.contract.counting import statements
from tests.views.growing import write_roots
from tests.views.inbox.reading import waiting
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = reverse("inbox")
FRIDAY = datetime(2027, 7, 2, 10, 5, tzinfo=UTC)


def put_off(client: Client, room: Conversation, when: str = "hour", **fields: object) -> Answer:
    data = {"until": LARGEST_ID, "when": when, **fields}
    return client.post(reverse("inbox_later", args=[room.pk]), data)


def later(client: Client) -> Page:
    return Page(client.get(f"{PLACE}?show=later"))


def come_back_all() -> None:
    """Run what is due now, as the background loop does."""
    for task in QueuedTask.objects.filter(task="messaging.models.inbox.later.come_back"):
        come_back.call(*task.arguments["args"])


@pytest.fixture
def thread(room: Conversation, ada: User, ben: User) -> Message:
    """Ben's message, with an answer of Ada's; and one in the room."""
    root = post(room, ben, "Who has the key?")
    post(room, ada, "I do", parent=root)
    post(room, ada, "The ferry is late")
    return root


def test_it_is_out_of_the_inbox_and_its_numbers_until_its_time(
    as_ben: Client, room: Conversation, thread: Message, ben: User
) -> None:
    with time_machine.travel(FRIDAY, tick=False) as clock:
        as_ben.force_login(ben)
        answer = put_off(as_ben, room, thread=thread.pk)
        assert "1 message put off." in Page(as_ben.get(answer["Location"])).html
        assert waiting(ben) == ["The ferry is late"]
        assert sidebar_of(ben).personal == 0
        page = later(as_ben)
        assert page.words() == ["I do"]
        assert "2 Jul, 11:05" in page.html
        clock.move_to(FRIDAY + timedelta(minutes=59))
        come_back_all()
        assert waiting(ben) == ["The ferry is late"]
        due = QueuedTask.objects.filter(task="messaging.models.inbox.later.come_back").values_list("due_at")
        assert [at for (at,) in due] == [FRIDAY + timedelta(hours=1)] * 2  # it was too early, and comes again
        clock.move_to(FRIDAY + timedelta(minutes=61))
        version = User.objects.get(pk=ben.pk).version
        come_back_all()
        assert waiting(ben) == ["I do", "The ferry is late"]
        assert User.objects.get(pk=ben.pk).version > version  # which tells open pages
        assert later(as_ben).words() == []
        come_back_all()  # a task may run twice
        assert waiting(ben) == ["I do", "The ferry is late"]


def test_what_is_new_waits_at_once_and_what_was_put_off_joins_it(
    as_ben: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    put_off(as_ben, room)
    post(room, ada, "new")
    assert waiting(ben) == ["new"]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        come_back_all()
    assert waiting(ben) == [message.content, "new"]


def test_what_is_put_off_again_comes_back_together_at_the_last_time(
    as_ben: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    put_off(as_ben, room)
    post(room, ada, "new")
    put_off(as_ben, room, "tomorrow")
    assert later(as_ben).words() == [message.content, "new"]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        come_back_all()
        assert waiting(ben) == []
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        come_back_all()
    assert waiting(ben) == [message.content, "new"]


def test_the_time_can_be_changed_without_putting_off_what_is_new(
    as_ben: Client, room: Conversation, message: Message, ada: User, ben: User
) -> None:
    put_off(as_ben, room)
    until = Later.objects.get().until
    post(room, ada, "new")
    link = next(one for one in later(as_ben).links if "/later/" in one)
    form = Page(as_ben.get(link))
    as_ben.post(
        reverse("inbox_later", args=[room.pk]), {"until": form.field_value("until"), "when": "tomorrow"}
    )
    assert Later.objects.get().until > until
    assert waiting(ben) == ["new"]


def test_it_can_be_undone_brought_back_and_forgotten(
    as_ben: Client, room: Conversation, message: Message, ben: User
) -> None:
    page = Page(as_ben.get(put_off(as_ben, room)["Location"]))
    fields = {name: page.field_value(name) for name in ("undo", "first")}
    as_ben.post(reverse("inbox_undo"), fields)
    assert waiting(ben) == [message.content]
    put_off(as_ben, room)
    page = later(as_ben)
    fields = {name: page.field_value(name) for name in ("undo", "first")}
    as_ben.post(reverse("inbox_undo"), fields)
    assert waiting(ben) == [message.content]
    assert not Later.objects.exists()
    put_off(as_ben, room)
    as_ben.post(reverse("inbox_forget", args=[room.pk]))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        come_back_all()
    assert waiting(ben) == []
    assert later(as_ben).words() == []


@pytest.mark.parametrize(
    ("now", "zone", "offered"),
    [
        ("2027-07-02 10:05", "", ["02 11:05", "02 18:00", "03 09:00", "05 09:00"]),
        ("2027-07-02 10:05", "Asia/Kolkata", ["02 16:35", "02 18:00", "03 09:00", "05 09:00"]),
        ("2027-07-02 22:00", "Asia/Kolkata", ["03 04:30", "03 18:00", "04 09:00", "05 09:00"]),
        ("2027-07-03 17:01", "", ["03 18:01", "04 09:00", "05 09:00"]),
        ("2027-07-04 17:00", "", ["04 18:00", "05 09:00"]),
        ("2027-07-05 18:00", "", ["05 19:00", "06 09:00", "12 09:00"]),
        ("2027-10-30 20:30", "Europe/Berlin", ["30 23:30", "31 09:00", "01 09:00"]),  # the clock goes back
    ],
)
def test_times_are_offered_in_the_persons_zone(
    as_ben: Client, room: Conversation, message: Message, ben: User, now: str, zone: str, offered: list[str]
) -> None:
    ben.time_zone = zone
    ben.save()
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=UTC), tick=False):
        as_ben.force_login(ben)
        page = Page(as_ben.get(reverse("inbox_later", args=[room.pk])))
        times = [one.attributes["datetime"] for one in page.elements if one.tag == "time"]
        assert [datetime.fromisoformat(one).strftime("%d %H:%M") for one in times] == offered
        names = [one.attributes["value"] for one in page.elements if one.attributes.get("name") == "when"]
        put_off(as_ben, room, names[-1])
        assert Later.objects.get().until == datetime.fromisoformat(times[-1])


def test_without_a_chosen_zone_that_of_the_browser_counts(
    as_ben: Client, room: Conversation, message: Message
) -> None:
    as_ben.cookies["parley_zone"] = "Asia/Kolkata"
    put_off(as_ben, room, "", at="2099-01-01T00:00")
    assert not Later.objects.exists()
    at = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT12:00")
    put_off(as_ben, room, "", at=at)
    assert Later.objects.get().until == datetime.fromisoformat(f"{at}:00+05:30")


@pytest.mark.parametrize(
    "at", ["", "yesterday", "2020-01-01T10:00", "9999-12-31T23:59", "0001-01-01T00:00", "\x00"]
)
def test_an_impossible_time_is_refused_with_a_reason_and_changes_nothing(
    as_ben: Client, room: Conversation, message: Message, ben: User, at: str
) -> None:
    for headers in ({}, FRAGMENT):
        address = reverse("inbox_later", args=[room.pk])
        answer = as_ben.post(address, {"until": LARGEST_ID, "when": "never", "at": at}, headers=headers)
        assert answer.status_code == 422
        page = Page(answer)
        assert [one.text for one in page.elements if one.tag == "li" and one.text.strip()]
    assert answer["HX-Retarget"] == f"#later-errors-{room.pk}"
    assert waiting(ben) == [message.content]


def test_nobody_puts_off_for_others(
    as_ada: Client, as_ben: Client, as_stranger: Client, room: Conversation, message: Message, ben: User
) -> None:
    put_off(as_ada, room)
    assert put_off(as_stranger, room).status_code == 404
    assert waiting(ben) == [message.content]
    put_off(as_ben, room)
    for client in (as_ada, as_stranger):
        client.post(reverse("inbox_forget", args=[room.pk]))
        assert later(client).words() == []
    assert later(as_ben).words() == [message.content]


def test_the_list_takes_no_more_queries_for_more(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    costs = []
    for number in (1, 4):
        for _ in range(number):
            root = post(room, ben, "root")
            for _ in range(number):
                post(room, ada, "words", parent=root)
            put_off(as_ben, room, thread=root.pk)
        write_roots(room, ada, number)
        put_off(as_ben, room)
        with statements() as found:
            later(as_ben)
        costs.append(len(found))
    assert costs[0] == costs[1] <= 12


def test_deleting_the_person_deletes_what_they_put_off(
    as_ben: Client, room: Conversation, thread: Message, ben: User
) -> None:
    put_off(as_ben, room)
    put_off(as_ben, room, thread=thread.pk)
    ben.delete()
    assert not Later.objects.exists()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        come_back_all()
