"""After a message is sent, what is typed next goes to the same place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.chat import Chat, Form, delayed
from e2e.messages.continuing import by_button, by_enter, foot, said
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

NARROW = {"width": 1000, "height": 800}


@pytest.mark.parametrize("send", [by_enter, by_button])
def test_the_second_line_of_a_reply_from_the_timeline_goes_to_its_thread(
    open_page: Callable[..., Page],
    ada: User,
    room: Conversation,
    question: Message,
    send: Callable[[Form], None],
) -> None:
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(question), "Reply")
    form.text.fill("I have it")
    send(form)
    expect(foot(chat.panel)).to_be_focused()
    expect(form.form).to_have_count(0)
    chat.page.keyboard.type("It is at home")
    chat.page.keyboard.press("Enter")
    assert said(chat, "It is at home").thread_root == said(chat, "I have it").thread_root == question
    expect(foot(chat.panel)).to_be_focused()


def test_what_is_typed_while_a_reply_is_sent_and_its_thread_opens_goes_to_the_thread(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    form = chat.form(chat.row(question), "Reply")
    keyboard = chat.page.keyboard
    with delayed(chat.page, f"/messages/{question.pk}/thread/"):
        with delayed(chat.page, f"/messages/{question.pk}/reply/"):
            keyboard.type("I have it")
            keyboard.press("Enter")
            keyboard.type("It is ")
        expect(form.text).to_have_value("It is ")
        expect(form.text).to_be_focused()
        keyboard.type("at ")
    expect(foot(chat.panel)).to_be_focused()
    expect(foot(chat.panel)).to_have_value("It is at ")
    expect(form.form).to_have_count(0)
    keyboard.type("home")
    keyboard.press("Enter")
    assert said(chat, "It is at home").thread_root == said(chat, "I have it").thread_root == question


def test_enter_while_a_reply_is_sent_sends_nothing_twice(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.form(chat.row(question), "Reply")
    keyboard = chat.page.keyboard
    with delayed(chat.page, f"/messages/{question.pk}/reply/") as requests:
        keyboard.type("I have it")
        keyboard.press("Enter")
        keyboard.type("At home")
        keyboard.press("Enter")
        keyboard.type("In a drawer")
    expect(foot(chat.panel)).to_have_value("At home\nIn a drawer")
    assert len(requests) == 1
    expect(chat.page.locator(".errors")).to_have_count(0)
    assert said(chat, "I have it").thread_root == question


def test_without_room_for_the_panel_the_form_stays_for_the_next_line(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    page = open_page(ada)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    chat = Chat(page).open(room)
    form = chat.form(chat.row(question), "Reply")
    form.text.fill("x" * 10_001)
    form.text.press("Enter")
    expect(form.form.locator(".errors")).to_be_visible()
    for text in ("I have it", "It is at home"):
        form.text.fill(text)
        form.text.press("Enter")
        expect(form.text).to_have_value("")
        expect(form.text).to_be_focused()
        expect(form.form.locator(".errors")).to_have_count(0)
        assert said(chat, text).thread_root == question
    expect(chat.row(question).locator(".summary")).to_contain_text("2 replies")
    page.keyboard.press("Escape")
    expect(form.form).to_have_count(0)
    expect(chat.row(question).locator(":focus")).to_have_count(1)


def test_a_thread_that_is_open_already_goes_on_and_another_gives_way(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    other = post(room, ada, "Where do we meet?")
    for root in (question, other):
        post(room, ada, "Anyone?", parent=root)
    chat = Chat(open_page(ada)).open(room)
    chat.row(question).locator(".summary").click()
    expect(chat.answer(question)).to_be_visible()
    for root, text in ((question, "I have it"), (other, "At the quay")):
        form = chat.form(chat.row(root), "Reply")
        form.text.fill(text)
        form.text.press("Enter")
        expect(chat.answer(root)).to_be_visible()
        expect(foot(chat.panel)).to_be_focused()
        chat.page.keyboard.type(f"{text}, again")
        chat.page.keyboard.press("Enter")
        assert said(chat, f"{text}, again").thread_root == root


@pytest.mark.parametrize("place", ["panel", "page"])
def test_after_a_reply_in_a_thread_its_composer_has_the_focus(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, question: Message, place: str
) -> None:
    answer = post(room, ben, "Anyone?", parent=question)
    chat = Chat(open_page(ada)).open(room)
    if place == "page":
        chat.open_thread(question)
    else:
        chat.row(question).locator(".summary").click()
    form = chat.form(chat.answer(answer), "Reply")
    with delayed(chat.page, f"/messages/{answer.pk}/reply/"):
        form.text.fill("I have it")
        form.text.press("Enter")
        chat.page.keyboard.type("It is ")
    column = chat.panel if place == "panel" else chat.page.locator(".main")
    expect(foot(column)).to_be_focused()
    chat.page.keyboard.type("at home")
    expect(foot(column)).to_have_value("It is at home")
    chat.page.keyboard.press("Enter")
    assert said(chat, "It is at home").thread_root == question


def test_a_reply_too_deep_for_its_list_opens_the_thread_that_shows_it(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    deepest = question
    for level in range(1, 7):
        deepest = post(room, ada, f"Level {level}", parent=deepest)
    chat = Chat(open_page(ada)).open(room)
    chat.row(question).locator(".summary").click()
    chat.page.get_by_role("button", name="more replies").click()
    form = chat.form(chat.answer(deepest), "Reply")
    form.text.fill("Level 7")
    form.text.press("Enter")
    expect(chat.row_with("Level 7")).to_be_visible()
    expect(foot(chat.panel)).to_be_focused()
    chat.page.keyboard.type("Level 7 too")
    chat.page.keyboard.press("Enter")
    assert said(chat, "Level 7 too").parent_message == deepest


def test_an_edit_goes_on_in_the_composer_of_its_column(
    open_page: Callable[..., Page], ada: User, room: Conversation, question: Message
) -> None:
    root, answer = post(room, ada, "High water at nine"), post(room, ada, "I have it", parent=question)
    chat = Chat(open_page(ada)).open(room)
    chat.row(question).locator(".summary").click()
    expect(chat.answer(answer)).to_be_visible()
    for message, composer in ((root, chat.composer), (answer, foot(chat.panel))):
        row = chat.row(message) if message == root else chat.answer(message)
        form = chat.form(row, "Edit")
        with delayed(chat.page, f"/messages/{message.pk}/edit/"):
            form.text.fill(f"{message.content}, or later")
            form.text.press("Enter")
            chat.page.keyboard.type("I will ")
        expect(composer).to_be_focused()
        expect(composer).to_have_value("I will ")
        chat.page.keyboard.type("look")
        expect(composer).to_have_value("I will look")
    assert [message.content for message in Message.objects.order_by("pk")] == [
        "Who has the key?",
        "High water at nine, or later",
        "I have it, or later",
    ]
