"""After a message is sent, what is typed next goes to the same place, and nothing that is typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from e2e.browser_state import until
from e2e.chat import Chat, Form, delayed
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

NARROW = {"width": 1000, "height": 800}


@pytest.fixture
def question(room: Conversation, ben: User) -> Message:
    return post(room, ben, "Who has the key?")


def said(chat: Chat, text: str) -> Message:
    """The message with this text, once it is stored."""
    until(chat.page, lambda: Message.objects.filter(content=text).exists(), f"{text!r} is not stored.")
    return Message.objects.get(content=text)


def foot(column: Locator) -> Locator:
    """The field of the composer below a thread."""
    return column.locator(".thread-foot").get_by_label("Message", exact=True)


def by_enter(form: Form) -> None:
    form.text.press("Enter")


def by_button(form: Form) -> None:
    form.form.get_by_role("button", name="Reply").click()


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
    faults.clear()
    chat.page.unroute("**/reply/")
    chat.open(room)
    form = chat.form(chat.row(question), "Reply")
    expect(form.text).to_have_value("I have it, I think")
    form.text.press("Enter")
    assert said(chat, "I have it, I think").thread_root == question


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
