"""What a person is writing survives whatever else changes on the page."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from e2e.chat import Chat, held_up
from messaging.models import Conversation, User

CARET = "field => [field.selectionStart, field.selectionEnd]"


def write(field: Locator, page: Page) -> None:
    """Types a draft and leaves the caret in the middle of it."""
    field.press_sequentially("A draft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")


def expect_kept(field: Locator) -> None:
    expect(field).to_have_value("A draft")
    expect(field).to_be_focused()
    assert field.evaluate(CARET) == [5, 5]


def test_a_reply_is_kept_while_older_messages_come_in(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    waves = [room.post(ada, f"Wave {number}") for number in range(50)]
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(waves[-1]), "Reply")
    with held_up(chat.page, f"/conversations/{room.pk}/messages/*"):
        chat.page.get_by_role("link", name="Older messages").click()
        form.text.focus()
        write(form.text, chat.page)
    expect(chat.row(waves[0])).to_be_attached()
    expect_kept(form.text)


def test_a_reply_is_kept_while_another_message_is_edited(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    edited, answered = room.post(ada, "High water at nine"), room.post(ada, "Who comes?")
    chat = Chat(open_page(ada)).open(room)
    edit = chat.form(chat.row(edited), "Edit")
    with held_up(chat.page, f"/messages/{edited.pk}/edit/"):
        edit.submit("High water at ten", "Save")
        chat.act(chat.row(answered), "Reply")
        field = chat.row(answered).get_by_label("Message")
        expect(field).to_be_focused()
        write(field, chat.page)
    expect(chat.row(edited).locator(".prose")).to_have_text("High water at ten")
    expect_kept(field)


def test_a_reply_is_kept_while_the_message_above_it_is_edited_in_the_panel(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = room.post(ada, "High water at nine")
    room.post(ben, "Sure?", parent=message)
    chat = Chat(open_page(ada)).open(room)
    chat.row(message).locator(".summary").click()
    edit = chat.form(chat.answer(message), "Edit")
    with held_up(chat.page, f"/messages/{message.pk}/edit/"):
        edit.submit("High water at ten", "Save")
        chat.act(chat.row(message), "Reply")
        field = chat.row(message).get_by_label("Message")
        expect(field).to_be_focused()
        write(field, chat.page)
    expect(chat.row(message).locator(".prose")).to_have_text("High water at ten")
    expect_kept(field)


def test_the_composer_is_kept_while_a_thread_opens_and_the_room_is_read(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = room.post(ben, "Who comes?")
    room.post(ben, "I do", parent=message)
    chat = Chat(open_page(ada)).open(room)
    with held_up(chat.page, f"/conversations/{room.pk}/read/"):
        chat.page.get_by_role("button", name="Mark as read").click()
        chat.row(message).locator(".summary").click()
        expect(chat.panel.locator(".prose")).to_have_count(2)
        chat.composer.focus()
        write(chat.composer, chat.page)
    expect(chat.badge("harbour")).to_be_hidden()
    expect_kept(chat.composer)
