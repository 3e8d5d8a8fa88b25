"""Long messages are folded, and open by a press, by the browser's search, and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat, address_of, delayed
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

LINES = "\n".join(f"Wave {number}" for number in range(60))
HEIGHT = "prose => prose.getBoundingClientRect().height"


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    message = post(room, ben, LINES)
    Message.unread_messages.mark_as_read_for_user(ada)
    return message


def last_line(row: Locator) -> Locator:
    return row.get_by_text("Wave 59")


def top_of(row: Locator) -> float:
    box = row.bounding_box()
    assert box
    return box["y"]


def test_a_long_message_is_folded_until_it_is_opened(
    open_page: Callable[..., Page], ada: User, message: Message, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script)).open(message.conversation)
    row = chat.row(message)
    prose = row.locator(".prose")
    folded = prose.evaluate(HEIGHT)
    assert folded == 20 * 22.5
    before = top_of(row)
    row.get_by_text("Show all").click()
    expect(row.get_by_text("Show less")).to_be_visible()
    assert prose.evaluate(HEIGHT) > 2 * folded
    if script:
        assert abs(top_of(row) - before) <= 1  # the text goes on below
    row.get_by_text("Show less").click()
    expect(row.get_by_text("Show all")).to_be_in_viewport()
    assert prose.evaluate(HEIGHT) == folded


def test_an_opened_message_stays_open_when_it_changes(
    open_page: Callable[..., Page], ada: User, ben: User, message: Message
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(message.conversation))
    row = chat.row(message)
    row.get_by_text("Show all").click()
    post(message.conversation, ben, "A reply", parent=message)
    expect(row.locator(".summary")).to_be_visible()
    expect(row.get_by_text("Show less")).to_be_visible()
    row.locator(".summary").click()
    expect(chat.answer(message).get_by_text("Show less")).to_be_visible()
    assert faults_of(chat.page) == []
    row.get_by_text("Show less").click()
    message.edit(LINES.replace("59", "60"), by=ben)
    expect(row.locator(".edited")).to_be_attached()
    expect(row.get_by_text("Show all")).to_be_visible()
    expect_as_fresh(chat)


def test_a_message_that_is_opened_before_the_script_comes_stays_open_when_it_changes(
    open_page: Callable[..., Page], ada: User, ben: User, message: Message
) -> None:
    chat = Chat(open_page(ada))
    row = chat.row(message)
    with delayed(chat.page, "/app*.js"):
        chat.page.goto(address_of(message.conversation), wait_until="commit")
        row.get_by_text("Show all").click()
        expect(row.get_by_text("Show less")).to_be_visible()
    expect(chat.page.locator("body[data-live]")).to_be_attached()
    message.edit(LINES.replace("59", "60"), by=ben)
    expect(row.locator(".edited")).to_be_attached()
    expect(row.get_by_text("Show less")).to_be_visible()


def test_what_the_browser_scrolls_to_within_it_is_shown(
    open_page: Callable[..., Page], ada: User, message: Message
) -> None:
    """As its search does, and a link that names words."""
    chat = Chat(open_page(ada)).open(message.conversation)
    chat.page.goto(f"{address_of(message.conversation)}#:~:text=Wave%2057")
    expect(chat.row(message).get_by_text("Show less")).to_be_visible()
    expect(last_line(chat.row(message))).to_be_visible()


def test_a_link_within_it_opens_it_when_it_has_the_focus(
    open_page: Callable[..., Page], ada: User, ben: User, message: Message
) -> None:
    message.edit(f"{LINES}\nhttp://harbour.example/", by=ben)
    chat = Chat(open_page(ada)).open(message.conversation)
    chat.row(message).get_by_role("link", name="harbour.example").focus()
    expect(chat.row(message).get_by_text("Show less")).to_be_visible()
