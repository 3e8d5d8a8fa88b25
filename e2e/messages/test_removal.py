from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.messages.saving import post


def test_a_removed_message_leaves_its_place_and_its_answers(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    message = post(room, ada, "I was never here")
    answer = post(room, ben, "I saw you", parent=message)
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.menu(chat.row(message)).get_by_role("link", name="Remove").click()
    question = chat.page.locator(".slot-form")
    expect(question).to_contain_text("Remove this message for everyone?")
    expect(question.locator("blockquote")).to_have_text("I was never here")
    question.get_by_role("button", name="Remove").click()
    expect(chat.row(message)).to_contain_text("Message removed")
    expect(chat.page.get_by_text("I was never here")).to_have_count(0)
    chat.row(message).locator(".summary").click()
    expect(chat.answer(answer)).to_contain_text("I saw you")
    expect(chat.answer(message)).to_contain_text("Message removed")


def test_a_message_is_removed_only_after_confirmation(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    message = post(room, ada, "I was here")
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.menu(chat.row(message)).get_by_role("link", name="Remove").click()
    chat.page.locator(".slot-form").get_by_role("link", name="Cancel").click()
    expect(chat.page.locator(".slot-form")).to_have_count(0)
    expect(chat.row(message)).to_contain_text("I was here")
    message.refresh_from_db()
    assert not message.is_removed
