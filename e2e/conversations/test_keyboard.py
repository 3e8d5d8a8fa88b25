"""Everything can be done with the keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.chat import FOCUS_TOP, Chat
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

FAR = 60  # more steps than any of these pages has


def tab_to(page: Page, goal: Locator) -> None:
    """Presses Tab until the goal has the focus."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if goal.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {goal}.")


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    message = post(room, ada, "High water at nine")
    message.edit("High water at ten", by=ada)
    return message


def test_the_composer_is_reached_past_the_list_and_used(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.page.evaluate(FOCUS_TOP)
    chat.page.keyboard.press("Tab")
    skip = chat.page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    chat.page.keyboard.press("Enter")
    tab_to(chat.page, chat.composer)
    chat.page.keyboard.type("Typed blind")
    if not script:
        tab_to(chat.page, chat.send_button)
    chat.page.keyboard.press("Enter")
    expect(chat.row_with("Typed blind")).to_be_visible()


def test_a_form_is_opened_by_enter_and_closed_by_escape(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    reply = chat.row(message).get_by_title("Reply")
    tab_to(chat.page, reply)
    expect(chat.row(message).locator(".actions")).to_have_css("opacity", "1")
    chat.page.keyboard.press("Enter")
    field = chat.row(message).get_by_label("Message")
    expect(field).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(reply).to_be_focused()


def test_a_message_is_edited_by_keys_alone(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    tab_to(chat.page, chat.row(message).get_by_title("Edit"))
    chat.page.keyboard.press("Enter")
    expect(chat.row(message).get_by_label("Message")).to_be_focused()
    chat.page.keyboard.press("Control+End")
    chat.page.keyboard.type(", or eleven")
    chat.page.keyboard.press("Enter")
    expect(chat.row(message).locator(".prose")).to_have_text("High water at ten, or eleven")
    expect(chat.composer).to_be_focused()


def test_the_menu_takes_the_focus_and_gives_it_back(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    more = chat.row(message).get_by_title("More")
    tab_to(chat.page, more)
    chat.page.keyboard.press("Enter")
    menu = chat.row(message).locator(".menu")
    expect(menu.get_by_role("link", name="Open thread")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(more).to_be_focused()
    chat.page.keyboard.press("Enter")
    tab_to(chat.page, menu.get_by_role("link", name="Remove"))
    chat.page.keyboard.press("Enter")
    expect(chat.row(message).get_by_role("button", name="Remove")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.row(message).locator(".slot-form")).to_have_count(0)
    expect(more).to_be_focused()


def test_the_history_gives_the_focus_back(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    edited = chat.row(message).get_by_role("link", name="edited")
    tab_to(chat.page, edited)
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator(".history")).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator(".history")).to_have_count(0)
    expect(edited).to_be_focused()


def test_the_thread_is_reached_and_closed(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, message: Message
) -> None:
    post(room, ben, "Sure?", parent=message)
    chat = Chat(open_page(ada)).open(room)
    summary = chat.row(message).locator(".summary")
    tab_to(chat.page, summary)
    chat.page.keyboard.press("Enter")
    expect(chat.panel.get_by_label("Message", exact=True)).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(summary).to_be_focused()
    chat.page.keyboard.press("Enter")
    close = chat.panel.get_by_role("link", name="Close the thread")
    expect(close).to_be_visible()
    close.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.panel).to_be_hidden()
    expect(summary).to_be_focused()
