from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from e2e.chat import Chat, delayed
from messaging.http import rate_limits
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
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
    expect(chat.row_with("Once")).to_have_count(1)
    chat.send("Afterwards")  # by now whatever the second click did is done
    expect(chat.timeline.locator(".prose")).to_have_text(["Once", "Afterwards"])


def test_a_restored_page_with_a_used_id_loses_no_text(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    """A browser that restores a page also restores its fields, including a client_id that was used.

    With script a new id is sent; without, the server answers 409.
    """
    chat = Chat(open_page(ada, script=script)).open(room)
    stale = chat.page.locator(".writing [name=client_id]").input_value()
    chat.send("The first text")
    expect(chat.row_with("The first text")).to_be_visible()
    chat.page.locator(".writing [name=client_id]").evaluate("(field, id) => { field.value = id }", stale)
    with chat.page.expect_response(lambda answer: answer.url.endswith("/send/")) as answered:
        chat.send("Another text")
    if not script:
        assert answered.value.status == 409
        expect(chat.page.locator(".writing .errors")).to_contain_text("already sent with a different text")
        expect(chat.composer).to_have_value("Another text")
        chat.send_button.click()
    expect(chat.timeline.locator(".prose")).to_have_text(["The first text", "Another text"])


def test_what_is_sent_shows_at_once_and_becomes_the_real_message(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    with delayed(chat.page, f"/conversations/{room.pk}/send/"):
        chat.send("The tide is **in**")
        expect(chat.outbox.locator(".prose")).to_have_text("The tide is **in**")
        expect(chat.outbox).to_contain_text("Sending")
        expect(chat.composer).to_have_value("")
        expect(chat.timeline.locator(".prose")).to_have_count(0)
    expect(chat.timeline.locator(".prose strong")).to_have_text("in")
    expect(chat.outbox).to_be_empty()
    expect(chat.page).to_have_url(f"/conversations/{room.pk}/")


def test_what_is_written_meanwhile_stays_and_everything_arrives_in_order(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    words = ["One", "Two", "Three", "Four", "Five"]
    with delayed(chat.page, f"/conversations/{room.pk}/send/"):
        for word in words:
            chat.send(word)
        chat.composer.fill("Half a sent")
    expect(chat.timeline.locator(".prose")).to_have_text(words)
    expect(chat.composer).to_have_value("Half a sent")
    assert list(Message.objects.order_by("seq").values_list("content", flat=True)) == words


def test_what_could_not_be_sent_stays_and_is_sent_once_when_the_connection_is_back(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.page.context.set_offline(True)
    chat.send("Can you hear me?")
    expect(chat.outbox).to_contain_text("cannot be reached")
    chat.page.context.set_offline(False)
    expect(chat.timeline.locator(".prose")).to_have_text(["Can you hear me?"])
    expect(chat.outbox).to_be_empty()
    assert Message.objects.count() == 1


def test_a_lost_response_does_not_cause_a_second_message(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)

    def lose(route: Route) -> None:
        route.fetch()  # the server has it
        route.abort()

    chat.page.route("**/live/**", lambda route: route.abort())  # the stream would bring it
    chat.open(room)
    chat.page.route("**/send/", lose)
    chat.send("Once")
    expect(chat.outbox).to_contain_text("cannot be reached")
    chat.page.unroute("**/send/")
    chat.outbox.get_by_role("button", name="Try again").click()
    expect(chat.timeline.locator(".prose")).to_have_text(["Once"])
    expect(chat.outbox).to_be_empty()
    assert Message.objects.count() == 1


def test_what_could_not_be_sent_can_be_taken_back_and_changed(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.page.context.set_offline(True)
    chat.send("Can you here me?")
    chat.outbox.get_by_role("button", name="Edit").click()
    expect(chat.composer).to_have_value("Can you here me?")
    expect(chat.composer).to_be_focused()
    expect(chat.outbox).to_be_empty()


def test_the_up_arrow_edits_ones_last_message(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ada, "An early one")
    mine = post(room, ada, "Hihg water")
    post(room, ben, "What?")
    chat = Chat(open_page(ada)).open(room)
    chat.composer.press("ArrowUp")
    field = chat.row(mine).get_by_label("Message")
    expect(field).to_be_focused()
    expect(field).to_have_value("Hihg water")
    field.fill("High water")
    field.press("Enter")
    expect(chat.row(mine).locator(".prose")).to_have_text("High water")
    chat.composer.fill("text")
    chat.composer.press("ArrowUp")
    expect(chat.page.locator(".edit-form")).to_have_count(0)


def test_the_composer_grows_with_the_text(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).open(room)
    small = chat.composer.bounding_box()
    chat.composer.fill("line\n" * 8)
    large = chat.composer.bounding_box()
    assert small
    assert large
    assert large["height"] > small["height"] + 80


def test_sending_from_a_page_of_old_messages_leads_to_the_new_message(
    open_page: Callable[..., Page], ada: User, room: Conversation, script: bool
) -> None:
    waves = [post(room, ada, f"Wave {number}") for number in range(200)]
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.page.goto(f"/messages/{waves[10].pk}/")
    expect(chat.page.get_by_role("link", name="Newer messages")).to_be_attached()
    chat.send("A new one")
    expect(chat.timeline.locator(".prose").last).to_have_text("A new one")
    expect(chat.row_with("Wave 198")).to_be_visible()


def test_sending_too_fast_is_refused_and_keeps_the_text(
    open_page: Callable[..., Page],
    ada: User,
    room: Conversation,
    script: bool,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.LIMITS = {**settings.LIMITS, "send": (1, 0.5)}
    now = [1000.0]  # a clock that moves only when a value is appended to this list
    monkeypatch.setattr(rate_limits, "monotonic", lambda: sum(now))
    rate_limits.fill_all_buckets()
    chat = Chat(open_page(ada, script=script)).open(room)
    chat.send("The first")
    expect(chat.row_with("The first")).to_be_visible()
    chat.send("The second")
    if script:
        expect(chat.outbox).to_contain_text("Too many requests. Nothing was lost: try again in")
        expect(chat.outbox).to_contain_text("The second")
        now.append(10.0)
        chat.outbox.get_by_role("button", name="Try again").click()
    else:
        expect(chat.page.locator(".errors")).to_contain_text("Too many requests")
        expect(chat.composer).to_have_value("The second")
        now.append(10.0)
        chat.send_button.click()
    expect(chat.row_with("The second")).to_be_visible()
    assert Message.objects.count() == 2
