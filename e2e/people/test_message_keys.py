"""Keys for the message that has the focus, typing that goes to the composer, and what keys leave alone."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.browser_state import notices_stay, until
from e2e.chat import Chat, address_of
from e2e.inbox.unread_rows import unread
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

OpenPage = Callable[..., Page]
LEAVE = "document.activeElement.blur()"
ADDED = """html => document.querySelector("#main").insertAdjacentHTML("afterbegin", html)"""


@pytest.fixture
def chat(open_page: OpenPage, ada: User, ben: User, room: Conversation) -> Chat:
    """Ada's page of the room, with one message of hers that was edited, and one of Ben's below it."""
    own = post(room, ada, "High water at nine")
    own.edit("High water at ten", by=ada)
    post(room, ben, "Low water at four")
    ada.notifications.all().delete()
    page = notices_stay(open_page(ada, permissions=["clipboard-read", "clipboard-write"]))
    chat = Chat(page).without_reports().open(room)
    expect(chat.composer).to_be_focused()
    return chat


def press(chat: Chat, *keys: str) -> None:
    for key in keys:
        chat.page.keyboard.press(key)


def message_of(chat: Chat, text: str) -> Locator:
    return chat.row_with(text).locator(":scope > .message")


def test_a_message_is_replied_to_edited_and_its_history_shown(chat: Chat) -> None:
    press(chat, "Escape", "r")
    field = chat.row_with("Low water at four").get_by_label("Message")
    expect(field).to_be_focused()
    chat.page.keyboard.type("eject")
    expect(field).to_have_value("eject")
    press(chat, "Escape")
    expect(message_of(chat, "Low water at four")).to_be_focused()
    press(chat, "e", "h")  # it is Ben's, and was not edited
    expect(chat.page.locator(".slot > *")).to_have_count(0)
    press(chat, "k", "h")
    expect(chat.page.locator(".history")).to_contain_text("High water at")
    press(chat, "Escape")
    expect(chat.page.locator(".history")).to_have_count(0)
    expect(message_of(chat, "High water at ten")).to_be_focused()
    press(chat, "e")
    expect(chat.page.locator(".edit-form textarea")).to_be_focused()
    press(chat, "Control+End")
    chat.page.keyboard.type(", or eleven")
    press(chat, "Enter")
    expect(chat.row_with("High water at ten, or eleven")).to_be_visible()


def test_enter_opens_the_thread_and_escape_leads_back(chat: Chat) -> None:
    press(chat, "Escape", "Enter")
    composer = chat.panel.get_by_label("Message", exact=True)
    expect(composer).to_be_focused()
    press(chat, "Escape")
    expect(chat.panel).to_be_hidden()
    expect(message_of(chat, "Low water at four")).to_be_focused()
    press(chat, "Enter")
    expect(composer).to_be_focused()
    chat.page.keyboard.type("Sure?")
    press(chat, "Enter")
    expect(chat.panel.locator(chat.row_with("Sure?"))).to_be_visible()
    press(chat, "Shift+Tab", "r")
    expect(chat.panel.locator(".reply-form textarea")).to_be_focused()
    press(chat, "Escape", "Escape", "Escape")
    expect(chat.composer).to_be_focused()


def test_on_a_phone_with_a_keyboard_enter_opens_the_page_of_the_thread(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    root = post(room, ada, "Who comes?")
    chat = Chat(open_page(ada, viewport={"width": 700, "height": 900})).open(room)
    press(chat, "Escape", "Enter")
    chat.page.wait_for_url(reverse("thread", args=[root.pk]))
    expect(chat.page.get_by_label("Message", exact=True)).to_be_focused()


def test_messages_are_marked_as_unread_from_one_on(
    chat: Chat, ada: User, ben: User, room: Conversation
) -> None:
    waves = [post(room, ben, f"Wave {number}") for number in range(3)]
    expect(chat.row(waves[-1])).to_be_visible()
    Message.unread_messages.mark_as_read_for_user(ada)
    press(chat, "Escape", "k", "u")
    until(chat.page, lambda: unread(ada) == 2)
    expect(message_of(chat, "Wave 1")).to_be_focused()


def test_the_link_of_a_message_or_a_line_is_copied(chat: Chat, room: Conversation, server: str) -> None:
    press(chat, "Escape", "l")
    expect(chat.page.locator(".notices")).to_contain_text("Link copied")
    last = Message.objects.get(content="Low water at four")
    expected = f"{server}{reverse('message', args=[last.pk])}"
    assert chat.page.evaluate("navigator.clipboard.readText()") == expected
    chat.page.goto(f"{reverse('search')}?q=ten")
    expect(chat.page.locator("#search-words")).to_be_focused()
    press(chat, "ArrowDown", "l")
    expect(chat.page.locator(".notices")).to_contain_text("Link copied")
    assert chat.page.evaluate("navigator.clipboard.readText()") != expected


def test_a_key_pressed_where_no_message_has_the_focus_moves_it_there(chat: Chat) -> None:
    for key in ("e", "u", "l", "j"):
        chat.page.evaluate(LEAVE)
        press(chat, key)
        expect(message_of(chat, "Low water at four")).to_be_focused()
    expect(chat.page.locator(".notices")).to_be_empty()


def test_what_is_typed_anywhere_goes_to_the_composer(chat: Chat) -> None:
    chat.page.evaluate(LEAVE)
    chat.page.keyboard.type("what's up? A jellyfish / a gull")
    expect(chat.composer).to_have_value("what's up? A jellyfish / a gull")
    press(chat, "Escape", "Shift+R", "4")
    expect(chat.composer).to_have_value("what's up? A jellyfish / a gullR4")
    chat.page.get_by_role("button", name="Room menu").focus()
    chat.page.keyboard.type("a!")
    expect(chat.composer).to_have_value("what's up? A jellyfish / a gullR4a!")
    press(chat, "Escape", "Enter")
    expect(chat.panel.get_by_label("Message", exact=True)).to_be_focused()
    press(chat, "Shift+Tab")
    chat.page.keyboard.type("a reply")
    expect(chat.panel.get_by_label("Message", exact=True)).to_have_value("a reply")


def test_without_single_keys_every_letter_is_typed(chat: Chat, ada: User) -> None:
    ada.single_keys = False
    ada.save(update_fields=["single_keys"])
    chat.page.reload()
    press(chat, "Escape", "ArrowUp")
    expect(message_of(chat, "High water at ten")).to_be_focused()
    chat.page.keyboard.type("jeruhlnfg/?")
    expect(chat.composer).to_have_value("jeruhlnfg/?")
    press(chat, "Escape")
    expect(message_of(chat, "High water at ten")).to_be_focused()


@pytest.mark.parametrize(
    "html",
    [
        '<input id="other">',
        '<input id="other" type="checkbox">',
        '<select id="other"><option>a<option>r</select>',
        '<textarea id="other"></textarea>',
        '<div id="other" contenteditable="true">x</div>',
        '<div contenteditable="plaintext-only"><p id="other" tabindex="0">x</p></div>',
    ],
)
def test_no_key_is_taken_from_where_one_types(chat: Chat, html: str) -> None:
    chat.page.evaluate(ADDED, html)
    other = chat.page.locator("#other")
    other.focus()
    chat.page.keyboard.type("jreuhlnga?/")
    expect(other).to_be_focused()
    expect(chat.composer).to_have_value("")
    expect(chat.page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def test_input_methods_modifiers_menus_and_dialogs_keep_their_keys(chat: Chat, room: Conversation) -> None:
    press(chat, "Escape")
    message = message_of(chat, "Low water at four")
    message.evaluate("""message => {
      const of = {key: "r", code: "KeyR", bubbles: true, cancelable: true};
      for (const more of [{isComposing: true}, {keyCode: 229}]) {
        message.dispatchEvent(new KeyboardEvent("keydown", {...of, ...more}));
      }
    }""")
    press(chat, "Alt+r", "Alt+j")
    expect(message).to_be_focused()
    message.evaluate("""message => {
      for (const name of ["ctrlKey", "metaKey"]) for (const key of ["r", "l", "a", "ArrowUp"]) {
        const pressed = {key, [name]: true, bubbles: true, cancelable: true};
        message.dispatchEvent(new KeyboardEvent("keydown", pressed));
      }
    }""")
    expect(message).to_be_focused()
    chat.page.get_by_role("button", name="Room menu").click()
    chat.page.keyboard.type("areul")
    press(chat, "ArrowUp", "ArrowDown")
    expect(chat.page.get_by_role("link", name="Members")).to_be_visible()
    press(chat, "Escape")
    expect(chat.page.get_by_role("link", name="Members")).to_be_hidden()
    press(chat, "Control+k")
    chat.page.keyboard.type("areul")
    expect(chat.page.locator("#switcher-words")).to_have_value("areul")
    press(chat, "Escape")
    expect(chat.page.locator(".slot > *")).to_have_count(0)
    expect(chat.composer).to_have_value("")
    expect(chat.page).to_have_url(address_of(room))


def test_where_one_writes_has_the_focus_but_not_on_a_touch_screen(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    message = post(room, ada, "Who comes?")
    page = open_page()
    page.goto(reverse("account_login"))
    expect(page.locator("[name=login]")).to_be_focused()
    page = open_page(ada)
    for name, args, field in (
        ("conversation", [room.pk], ".writing textarea"),
        ("thread", [message.pk], ".thread-foot textarea"),
        ("message_edit", [message.pk], ".edit-form textarea"),
        ("room_new", [], "[name=name]"),
        ("account_change_password", [], "[name=oldpassword]"),
        ("account_keyboard", [], "body"),
        ("room_list", [], "body"),
    ):
        page.goto(reverse(name, args=args))
        expect(page.locator(field)).to_be_focused()
    phone = open_page(ada, phone=True)
    phone.goto(address_of(room))
    expect(phone.locator("body")).to_be_focused()
