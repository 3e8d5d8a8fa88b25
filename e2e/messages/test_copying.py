"""What is copied, and that the page says so: also where the browser has no clipboard or refuses."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import notices_stay
from e2e.chat import Chat
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

WITHOUT_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
REFUSING = f"{WITHOUT_CLIPBOARD}; document.execCommand = () => false"
CLIPBOARD = "navigator.clipboard.readText()"


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    return post(room, ada, "Read the tide:\n```py\nread(tide)\nwait()\n```")


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, message: Message) -> Chat:
    page = notices_stay(open_page(ada))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return Chat(page).open(message.conversation)


def copy_link(chat: Chat, message: Message) -> str:
    chat.menu(chat.row(message)).get_by_role("button", name="Copy link").click()
    expect(chat.page.locator(".menu[id^=menu-]")).to_have_count(0)
    return chat.page.url.split("/conversations/")[0] + reverse("message", args=[message.pk])


def notice(chat: Chat) -> Locator:
    return chat.page.get_by_role("status").filter(has=chat.page.locator(".notice"))


def test_the_link_of_a_message_is_copied_and_leads_to_it(chat: Chat, message: Message) -> None:
    link = copy_link(chat, message)
    expect(notice(chat)).to_have_text("Link copied.")
    assert chat.page.evaluate(CLIPBOARD) == link
    expect(chat.row(message).get_by_title("More")).to_be_focused()
    chat.page.goto(link)
    expect(chat.row(message)).to_be_in_viewport()


def test_code_is_copied_as_it_was_typed(chat: Chat, message: Message) -> None:
    button = chat.row(message).get_by_role("button", name="Copy this code")
    button.focus()
    chat.page.keyboard.press("Enter")
    expect(notice(chat)).to_have_text("Copied.")
    assert chat.page.evaluate(CLIPBOARD) == "read(tide)\nwait()"
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    assert faults_of(chat.page) == []


def test_without_a_clipboard_the_selection_is_copied(chat: Chat, message: Message) -> None:
    chat.page.evaluate("document.oncopy = () => (window.copied = String(document.activeElement.value))")
    chat.page.evaluate(WITHOUT_CLIPBOARD)
    link = copy_link(chat, message)
    expect(notice(chat)).to_have_text("Link copied.")
    assert chat.page.evaluate("window.copied") == link
    expect(chat.row(message).get_by_title("More")).to_be_focused()


def test_where_copying_is_refused_the_text_can_be_copied_by_hand(chat: Chat, message: Message) -> None:
    chat.page.evaluate(REFUSING)
    link = copy_link(chat, message)
    field = notice(chat).get_by_label("The browser did not allow copying")
    expect(field).to_be_focused()
    expect(field).to_have_value(link)
    assert chat.page.evaluate("getSelection().toString()") == link
    assert faults_of(chat.page) == []
    chat.composer.click()
    expect(field).to_have_count(0)
