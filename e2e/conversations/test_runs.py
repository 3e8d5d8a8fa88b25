"""Successive messages of one author stand under one name, live as in a newly loaded page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.browser_state import until
from e2e.chat import Chat, address_of
from e2e.freshness import expect_as_fresh, fresh_load, shown_on
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# The texts of the rows that show their author's name, or a line in the place of a removed message.
NAMED = """() => [...document.querySelectorAll(".timeline > .row")]
  .filter((row) => row.checkVisibility())
  .filter((row) => row.querySelector(".removed-text") || row.querySelector(".name").offsetWidth > 1)
  .map((row) => row.querySelector(".prose")?.textContent.trim() ?? "removed")"""


def write_run(room: Conversation, author: User, length: int) -> list[Message]:
    """Messages of one author, all sent yesterday within the same minute."""
    messages = [post(room, author, f"Wave {number}") for number in range(length)]
    yesterday = timezone.now() - timedelta(days=1)
    Message.rows.filter(pk__in=[one.pk for one in messages]).update(timestamp=yesterday)
    return list(Message.objects.filter(pk__in=[one.pk for one in messages]).order_by("seq"))


def remove_answered(message: Message) -> None:
    author = message.sender
    assert author
    post(message.conversation, author, "A reply", parent=message)
    message.remove(by=author)


def named(chat: Chat) -> list[str]:
    shown: list[str] = chat.page.evaluate(NAMED)
    return shown


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda run: run[2].remove(by=run[2].sender), ["Wave 0"]),
        (lambda run: run[0].remove(by=run[0].sender), ["Wave 1"]),
        (lambda run: run[4].remove(by=run[4].sender), ["Wave 0"]),
        (lambda run: remove_answered(run[2]), ["Wave 0", "removed", "Wave 3"]),
        (lambda run: remove_answered(run[0]), ["removed", "Wave 1"]),
        (lambda run: Message.objects.filter(pk=run[2].pk).delete(), ["Wave 0"]),
        (lambda run: Message.objects.filter(pk=run[0].pk).delete(), ["Wave 1"]),
        (lambda run: run[2].edit("Edited"), ["Wave 0"]),
        (lambda run: run[0].edit("Edited"), ["Edited"]),
        (lambda run: post(run[0].conversation, run[0].sender, "A reply", parent=run[2]), ["Wave 0"]),
    ],
    ids=[
        *("removed in the middle", "removed first", "removed last", "answered and removed"),
        *("answered and removed first", "deleted", "deleted first"),
        *("edited", "edited first", "a reply"),
    ],
)
def test_a_change_within_a_run_leaves_it_as_a_fresh_page_shows_it(
    open_page: Callable[..., Page],
    ada: User,
    ben: User,
    room: Conversation,
    change: Callable[[list[Message]], object],
    names: list[str],
) -> None:
    run = write_run(room, ben, 5)
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada)).listen(address_of(room))
    assert named(chat) == ["Wave 0"]
    expect_as_fresh(chat)
    change(run)
    until(chat.page, lambda: named(chat) == names, f"It does not show {names}.")
    expect_as_fresh(chat)


def test_arrivals_continue_and_end_runs(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    write_run(room, ben, 2)
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada)).listen(address_of(room))
    for author, text in [(ben, "Today"), (ben, "Again"), (ada, "Between"), (ada, "Twice"), (ben, "After")]:
        post(room, author, text)
        expect(chat.row_with(text)).to_be_attached()
        expect_as_fresh(chat)
    chat.send("Typed here")
    expect(chat.timeline.locator(chat.row_with("Typed here"))).to_be_attached()
    expect_as_fresh(chat)


def test_older_and_newer_pages_are_joined_to_the_run_that_they_are_in(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    run = write_run(room, ben, 100)
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada)).listen(address_of(room))
    assert named(chat) == ["Wave 60"]
    chat.load_more("Older messages")
    expect(chat.row(run[59])).to_be_attached()
    chat.load_rest()
    expect(chat.row(run[0])).to_be_attached()
    assert named(chat) == ["Wave 0"]
    rows = fresh_load(chat)["rows"]
    assert shown_on(chat.page, len(rows))["rows"] == rows
    run[30].remove(by=ben)
    expect(chat.row(run[30]).locator(".removed-text")).to_be_attached()
    assert named(chat) == ["Wave 0"]
    remove_answered(run[50])
    expect(chat.row(run[50]).locator(".removed-text")).to_be_visible()
    assert named(chat) == ["Wave 0", "removed", "Wave 51"]
    chat.page.goto(f"{address_of(room)}?around={run[20].seq}")
    for end in (run[0], run[60]):  # they are near, so they are loaded
        expect(chat.row(end)).to_be_attached()
    assert named(chat) == ["Wave 0", "removed", "Wave 51"]


def test_the_line_above_the_first_new_message_shows_its_author_again(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    run = write_run(room, ben, 6)
    Message.unread_messages.mark_as_read_for_user(ada, message_ids=[one.pk for one in run[:3]])
    chat = Chat(open_page(ada, script=script)).without_reports().open(room)
    expect(chat.page.locator(".new-line + .row .name")).to_be_visible()
    expect(chat.page.locator(".new-line + .row .prose")).to_have_text("Wave 3")
    if script:
        expect(chat.page.locator(".new-line")).to_contain_text("New since")
        assert named(chat) == ["Wave 0", "Wave 3"]


def test_the_line_is_missing_if_the_unread_begin_on_an_older_page(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    write_run(room, ben, 5)
    write_run(room, ada, 30)
    write_run(room, ben, 20)
    chat = Chat(open_page(ada, script=script)).without_reports().open(room)
    expect(chat.page.locator(".new-line")).to_have_count(0)
    chat.page.get_by_role("link", name="25 new messages").click()
    expect(chat.page.locator(".new-line + .row .prose")).to_have_text("Wave 0")


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "en-AU", "en-CA", "en-IN"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_time_of_a_message_within_a_run_stays_in_its_row_and_beside_the_text(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, locale: str, phone: bool
) -> None:
    run = write_run(room, ben, 3)
    late = timezone.now().replace(hour=22, minute=58) - timedelta(days=1)
    Message.rows.filter(pk__in=[one.pk for one in run]).update(timestamp=late)
    page = open_page(ada, locale=locale, viewport=PHONE if phone else DESKTOP)
    row = Chat(page).open(room).row(run[1])
    row.hover()
    row_box, time, text = (
        part.bounding_box() for part in (row, row.locator(".moment time"), row.locator(".prose"))
    )
    assert row_box
    assert time
    assert text
    assert time["x"] >= row_box["x"]
    assert time["x"] + time["width"] <= text["x"]
    assert row_box["y"] <= time["y"]
    assert time["y"] + time["height"] <= row_box["y"] + row_box["height"]
