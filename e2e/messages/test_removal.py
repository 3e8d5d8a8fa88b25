from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from e2e import marked
from e2e.browser_state import until
from e2e.chat import Chat, address_of
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Message, User
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


def test_nothing_is_left_of_a_removed_message_that_nobody_answered(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    messages = [post(room, ada, f"Wave {number}") for number in range(3)]
    chat = Chat(open_page(ada, script=script)).open(room)
    for message in messages[1:]:
        chat.menu(chat.row(message)).get_by_role("link", name="Remove").click()
        chat.page.locator(".slot-form").get_by_role("button", name="Remove").click()
        expect(chat.row(message)).to_be_hidden()
        if script:
            expect(chat.composer).to_be_focused()
        else:
            expect(chat.page.locator(".notice")).to_have_text("Message removed.")
    expect(chat.page.get_by_text("Message removed", exact=True).locator("visible=true")).to_have_count(0)
    expect(chat.row(messages[0])).to_be_visible()


def test_the_line_goes_with_the_last_answer_as_a_fresh_page_shows_it(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    before = post(room, ben, "Before")
    message = post(room, ben, "I was never here")
    answer = post(room, ben, "I saw you", parent=message)
    other = post(room, ada, "Me too", parent=message)
    post(room, ben, "After")
    Message.rows.update(timestamp=datetime(2026, 5, 4, 9, 1, tzinfo=UTC))  # no run ends between them
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada)).listen(address_of(room))
    chat.row(message).locator(".summary").click()
    expect(chat.answer(answer)).to_be_visible()
    message.remove(by=ben)
    expect(chat.row(message).locator(".removed-text")).to_be_visible()
    expect(chat.row(message).locator(".avatar").first).to_be_hidden()
    height = chat.row(message).locator(".byline").evaluate("line => line.offsetHeight")
    assert height <= 24 or marked.IS_ON  # our fonts lack its signs, so lines are higher
    expect_as_fresh(chat)
    answer.remove(by=ben)
    expect(chat.answer(answer)).to_be_hidden()
    expect(chat.row(message).locator(".removed-text")).to_be_visible()
    expect_as_fresh(chat)
    other.remove(by=ada)
    expect(chat.row(message)).to_be_hidden()
    until(chat.page, lambda: chat.page.locator("#timeline > .row.run").count() == 1)  # After follows Before
    expect(chat.row(before)).to_be_visible()


def test_a_reply_to_a_message_that_is_removed_meanwhile_stays(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Who comes along?")
    chat = Chat(open_page(ada)).listen(address_of(room))
    form = chat.form(chat.row(message), "Reply")
    form.text.fill("I do")
    message.remove(by=ben)
    expect(chat.row(message).locator(".removed-text")).to_be_visible()
    expect(form.text).to_have_value("I do")
    form.form.get_by_role("button", name="Reply").click()
    expect(form.form.locator(".errors")).to_contain_text("removed")
    form.form.get_by_role("link", name="Cancel").click()
    expect(chat.row(message)).to_be_hidden()
