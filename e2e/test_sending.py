from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.chat import Chat
from messaging.models import Conversation, Message, User
from messaging.text import MAX_LENGTH


def test_a_message_is_sent_and_the_composer_is_empty_again(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.send("The tide is **in**")
    expect(chat.timeline.locator(".prose strong")).to_have_text("in")
    expect(chat.composer).to_have_value("")
    assert Message.objects.get().content == "The tide is **in**"


def test_enter_sends_and_shift_enter_begins_a_line(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.composer.press_sequentially("One")
    chat.composer.press("Shift+Enter")
    chat.composer.press_sequentially("Two")
    expect(chat.composer).to_have_value("One\nTwo")
    chat.composer.press("Enter")
    expect(chat.timeline.locator(".prose")).to_contain_text("Two")
    assert Message.objects.get().content == "One\nTwo"


def test_without_script_enter_begins_a_line(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada, script=False)).open(room)
    chat.composer.press_sequentially("One")
    chat.composer.press("Enter")
    chat.composer.press_sequentially("Two")
    chat.send_button.click()
    expect(chat.timeline.locator(".prose")).to_contain_text("Two")
    assert Message.objects.get().content == "One\nTwo"


def test_a_message_that_is_too_long_stays_in_the_composer_until_it_fits(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script)).open(room)
    long = "seal " * (MAX_LENGTH // 5) + "s"
    with chat.page.expect_response(lambda answer: answer.url.endswith("/send/")) as answered:
        chat.send(long)
    assert answered.value.status == 422
    expect(chat.page.locator(".writing .errors")).to_contain_text("10,000")
    expect(chat.composer).to_have_value(long)
    chat.send(long[:-1])
    expect(chat.timeline.locator(".prose")).to_contain_text("seal seal")
    assert Message.objects.count() == 1


def test_a_double_click_sends_once(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.composer.fill("Once")
    chat.send_button.dblclick()
    expect(chat.said("Once")).to_have_count(1)
    chat.send("Afterwards")  # by now whatever the second click did is done
    expect(chat.timeline.locator(".prose")).to_have_text(["Once", "Afterwards"])


def test_a_page_that_was_left_and_restored_does_not_send_under_the_old_id(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    chat = Chat(open_page(ada, script=script)).open(room)
    stale = chat.page.locator(".writing [name=client_id]").input_value()
    chat.send("The first text")
    expect(chat.said("The first text")).to_be_visible()
    # What a browser does that restores a page with its fields.
    chat.page.locator(".writing [name=client_id]").evaluate("(field, id) => { field.value = id }", stale)
    with chat.page.expect_response(lambda answer: answer.url.endswith("/send/")) as answered:
        chat.send("Another text")
    assert answered.value.status == 409
    expect(chat.page.locator(".writing .errors")).to_contain_text("sent before with another text")
    expect(chat.composer).to_have_value("Another text")
    chat.send_button.click()
    expect(chat.timeline.locator(".prose")).to_have_text(["The first text", "Another text"])
