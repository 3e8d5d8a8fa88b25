"""A reply that fails or is refused: nothing that was typed is lost, and the focus stays with the person."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.chat import Chat, Form, delayed
from e2e.messages.continuing import by_button, by_enter, foot, said
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


def cut(route: Route) -> None:
    route.abort()


def busy(route: Route) -> None:
    route.fulfill(status=503, headers={"Retry-After": "1"}, body="Busy")


def too_fast(route: Route) -> None:
    route.fulfill(status=429, headers={"Retry-After": "1"}, body="Too fast")


@pytest.mark.parametrize("fail", [cut, busy, too_fast])
@pytest.mark.parametrize("send", [by_enter, by_button])
def test_after_a_failure_the_reply_keeps_its_text_the_focus_and_the_draft(
    open_page: Callable[..., Page],
    ada: User,
    room: Conversation,
    question: Message,
    fail: Callable[[Route], None],
    send: Callable[[Form], None],
    faults: list[str],
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.page.route(
        "**/reply/", lambda route: fail(route) if route.request.method == "POST" else route.continue_()
    )
    form = chat.form(chat.row(question), "Reply")
    form.text.fill("I have it")
    send(form)
    expect(chat.page.locator(".notice.error")).to_be_visible()
    expect(form.form.get_by_role("button", name="Reply")).to_be_enabled()
    expect(form.text).to_be_focused()
    chat.page.keyboard.type(", I think")
    expect(form.text).to_have_value("I have it, I think")
    chat.open(room)  # where what could not be sent is sent once more by itself, which would replace the row
    form = chat.form(chat.row(question), "Reply")
    expect(form.text).to_have_value("I have it, I think")
    chat.page.unroute("**/reply/")
    form.text.press("Enter")
    assert said(chat, "I have it, I think").thread_root == question
    faults.clear()


@pytest.mark.parametrize("send", [by_enter, by_button])
def test_a_reply_that_is_refused_keeps_what_was_typed_meanwhile_and_the_caret_behind_it(
    open_page: Callable[..., Page],
    ada: User,
    room: Conversation,
    question: Message,
    send: Callable[[Form], None],
) -> None:
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(question), "Reply")
    form.text.fill("I have it")
    question.remove()
    with delayed(chat.page, f"/messages/{question.pk}/reply/"):
        send(form)
        chat.page.keyboard.type(", I think")
    expect(form.form.locator(".errors")).to_contain_text("removed")
    expect(form.text).to_be_focused()
    chat.page.keyboard.type(", at home")
    expect(form.text).to_have_value("I have it, I think, at home")


def test_a_message_that_is_refused_takes_no_focus_from_a_reply(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    with delayed(chat.page, "/send/"):
        chat.send("x" * 10_001)
        form = chat.form(chat.row(question), "Reply")
        chat.page.keyboard.type("I have ")
    expect(chat.page.locator(".writing .errors")).to_be_visible()
    expect(form.text).to_be_focused()
    chat.page.keyboard.type("it")
    expect(form.text).to_have_value("I have it")


def test_the_send_button_leaves_the_focus_in_the_composer(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.send("One")
    chat.page.keyboard.type("Two words")
    expect(chat.composer).to_have_value("Two words")
    chat.row(question).get_by_title("Reply").focus()
    chat.form(chat.row(question), "Reply").submit("I have it", "Reply")
    expect(foot(chat.panel)).to_be_focused()
    foot(chat.panel).fill("At home")
    chat.panel.get_by_role("button", name="Reply").last.click()
    chat.page.keyboard.type("In a drawer")
    expect(foot(chat.panel)).to_have_value("In a drawer")


def test_somebody_who_went_elsewhere_meanwhile_is_left_there(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(question), "Reply")
    with delayed(chat.page, f"/messages/{question.pk}/reply/"):
        form.submit("I have it", "Reply")
        chat.composer.press_sequentially("Something ")
    expect(foot(chat.panel)).to_be_visible()
    expect(chat.page.locator(".slot-form")).to_have_count(0)
    chat.page.keyboard.type("else")
    expect(chat.composer).to_have_value("Something else")
    expect(foot(chat.panel)).to_have_value("")


def test_a_draft_is_not_sent_twice_from_the_timeline_and_the_panel(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    post(room, ada, "Anyone?", parent=question)
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(question), "Reply")
    form.text.press_sequentially("I have it")
    chat.row(question).locator(".summary").click()
    expect(foot(chat.panel)).to_have_value("")
    form.text.press("Enter")
    expect(foot(chat.panel)).to_be_focused()
    expect(foot(chat.panel)).to_have_value("")
    assert said(chat, "I have it").thread_root == question
