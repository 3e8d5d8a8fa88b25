"""Where the caret is when a field opens, and keys that belong to an input method."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.browser_state import answered
from e2e.chat import Chat
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

WORDS = "High water at nine\nand low at three"


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    return post(room, ada, WORDS)


def type_on(page: Page, field: Locator, before: str) -> None:
    expect(field).to_be_focused()
    page.keyboard.type(", or ten")
    expect(field).to_have_value(f"{before}, or ten")


def test_an_edit_opens_with_the_caret_behind_the_text(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, message: Message
) -> None:
    post(room, ben, "Sure?", parent=message)
    chat = Chat(open_page(ada)).open(room)
    type_on(chat.page, chat.form(chat.row(message), "Edit").text, WORDS)
    chat.open(room)
    chat.composer.press("ArrowUp")
    type_on(chat.page, chat.row(message).get_by_label("Message"), WORDS)
    chat.open(room)
    chat.menu(chat.row(message)).get_by_role("link", name="Edit").click()
    type_on(chat.page, chat.row(message).get_by_label("Message"), WORDS)
    chat.open_thread(message)
    type_on(chat.page, chat.form(chat.answer(message), "Edit").text, WORDS)


@pytest.mark.parametrize("path", ["message_edit", "an earlier text"])
def test_the_page_of_an_edit_has_the_caret_behind_the_text(
    open_page: Callable[..., Page], ada: User, message: Message, path: str
) -> None:
    address = reverse("message_edit", args=[message.pk])
    if path != "message_edit":
        message.edit("High water", by=ada)
        address += "?restore=1"
    page = open_page(ada)
    page.goto(address)
    field = page.get_by_label("Message")
    field.focus()
    type_on(page, field, WORDS)


def test_an_edit_that_is_in_conflict_keeps_the_caret(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(message), "Edit")
    message.edit("High water at ten", by=ada)
    form.submit("High water at eleven", "Save")
    expect(form.form.get_by_role("alert")).to_be_visible()
    type_on(chat.page, form.text, "High water at eleven")


def test_a_kept_draft_opens_with_the_caret_behind_it(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.composer.press_sequentially("A draft")
    chat.form(chat.row(message), "Reply").text.press_sequentially("Half a reply")
    chat.open(room)
    chat.composer.focus()
    type_on(chat.page, chat.composer, "A draft")
    type_on(chat.page, chat.form(chat.row(message), "Reply").text, "Half a reply")
    chat.open_thread(message)
    field = chat.page.locator(".thread-foot").get_by_label("Message", exact=True)
    field.focus()
    type_on(chat.page, field, "Half a reply, or ten")


def test_a_message_that_is_refused_comes_back_with_the_caret_behind_it(
    open_page: Callable[..., Page], ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.send("x" * 10_001)
    expect(chat.page.locator(".writing .errors")).to_be_visible()
    type_on(chat.page, chat.composer, "x" * 10_001)


COMPOSITION = "field => field.dispatchEvent(new CompositionEvent('%s', {bubbles: true, data: '水'}))"
PRESSED = """(field, [key, keyCode, isComposing]) => field.dispatchEvent(
    new KeyboardEvent("keydown", {key, keyCode, isComposing, bubbles: true, cancelable: true}))"""


def confirm_as_elsewhere(field: Locator, key: str) -> bool:
    """Chrome and Firefox: the key comes while the composition lasts. Returns whether the page ignored it."""
    field.evaluate(COMPOSITION % "compositionstart")
    left: bool = field.evaluate(PRESSED, [key, 229, True])
    field.evaluate(COMPOSITION % "compositionend")
    return left


def confirm_as_in_safari(field: Locator, key: str) -> bool:
    """Safari: the composition has ended when the key comes, which has only its code."""
    field.evaluate(COMPOSITION % "compositionstart")
    field.evaluate(COMPOSITION % "compositionend")
    left: bool = field.evaluate(PRESSED, [key, 229, False])
    return left


FIELDS: dict[str, Callable[[Chat, Message], Locator]] = {
    "composer": lambda chat, message: chat.composer,
    "reply": lambda chat, message: chat.form(chat.row(message), "Reply").text,
    "edit": lambda chat, message: chat.form(chat.row(message), "Edit").text,
    "thread": lambda chat, message: chat.panel.get_by_label("Message", exact=True),
}


@pytest.mark.parametrize("confirm", [confirm_as_elsewhere, confirm_as_in_safari])
@pytest.mark.parametrize("place", FIELDS)
def test_keys_of_an_input_method_neither_send_nor_close(
    open_page: Callable[..., Page],
    ada: User,
    ben: User,
    room: Conversation,
    message: Message,
    place: str,
    confirm: Callable[[Locator, str], bool],
) -> None:
    post(room, ben, "Sure?", parent=message)
    chat = Chat(open_page(ada)).open(room)
    chat.row(message).locator(".summary").click()
    expect(chat.panel.locator(".prose")).to_have_count(2)
    field = FIELDS[place](chat, message)
    if place != "edit":
        assert confirm(field, "ArrowUp")
    field.fill("水曜日")
    sent: list[str] = []
    chat.page.on("request", lambda request: sent.append(request.url.split("/")[-2]))
    assert confirm(field, "Enter")
    assert confirm(field, "Escape")
    expect(field).to_have_value("水曜日")
    expect(field).to_be_visible()
    answered(chat.page)
    assert not {"send", "reply", "edit"} & set(sent)
    assert chat.page.locator(".edit-form").count() == (place == "edit")
    field.press("Enter")
    expect(chat.page.locator(".prose").get_by_text("水曜日").first).to_be_visible()
