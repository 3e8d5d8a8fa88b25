"""The thread panel: how wide it is, and what is there before its content is."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import until
from e2e.chat import Chat, delayed
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    message = post(room, ada, "High water at nine")
    post(room, ada, "At ten", parent=message)
    return message


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, message: Message) -> Chat:
    return Chat(open_page(ada)).open(message.conversation)


def open_thread(chat: Chat, message: Message) -> Locator:
    chat.row(message).locator(".summary").click()
    expect(chat.panel.locator(".composer")).to_be_visible()
    return chat.page.get_by_role("separator", name="Width of the thread")


def width(chat: Chat) -> int:
    box = chat.panel.bounding_box()
    assert box
    return round(box["width"])


def until_wide(chat: Chat, pixels: int, within: int = 0) -> None:
    until(chat.page, lambda: abs(width(chat) - pixels) <= within, f"It does not become {pixels} pixels wide.")


def test_the_panel_is_widened_by_keys_and_remembers_it(chat: Chat, message: Message) -> None:
    edge = open_thread(chat, message)
    first = width(chat)
    edge.focus()
    for key, wider in (("ArrowLeft", 16), ("ArrowLeft", 32), ("ArrowRight", 16)):
        chat.page.keyboard.press(key)
        assert width(chat) == first + wider
        expect(edge).to_have_attribute("aria-valuenow", str(first + wider))
    assert faults_of(chat.page) == []
    for key, name in (("Home", "aria-valuemin"), ("End", "aria-valuemax")):
        chat.page.keyboard.press(key)
        expect(edge).to_have_attribute(name, str(width(chat)))
    widest = width(chat)
    assert widest == 1440 - 272 - 400
    chat.page.reload()
    open_thread(chat, message)
    assert width(chat) == widest
    chat.page.set_viewport_size({"width": 1200, "height": 900})
    until_wide(chat, 1200 - 272 - 400)  # the messages keep their room
    expect(edge).to_have_attribute("aria-valuenow", str(width(chat)))
    chat.page.set_viewport_size({"width": 1440, "height": 900})
    until_wide(chat, widest)
    edge.dblclick()
    until_wide(chat, first)


def test_the_panel_is_widened_by_dragging_its_edge(chat: Chat, message: Message) -> None:
    edge = open_thread(chat, message)
    first = width(chat)
    box = edge.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2
    chat.page.mouse.move(middle, 400)
    chat.page.mouse.down()
    for step in (40, 80, 120):
        chat.page.mouse.move(middle - step, 420)
        until_wide(chat, first + step, within=1)
    chat.page.mouse.move(0, 400)
    until_wide(chat, 1440 - 272 - 400)
    chat.page.mouse.move(1439, 400)
    until_wide(chat, 320)
    chat.page.mouse.up()
    chat.page.mouse.move(700, 400)
    assert width(chat) == 320


def test_what_was_pressed_is_there_before_the_server_answers(chat: Chat, message: Message) -> None:
    row = chat.row(message)
    with delayed(chat.page, reverse("thread", args=[message.pk])):
        row.locator(".summary").click()
        expect(chat.panel).to_be_visible()
        expect(chat.panel).to_have_attribute("aria-busy", "true")
        assert width(chat) > 300
    expect(chat.panel.locator(".composer")).to_be_visible()
    expect(chat.panel).not_to_have_attribute("aria-busy", "true")
    waiting = chat.page.locator("#waiting")
    with delayed(chat.page, reverse("message_menu", args=[message.pk])):
        chat.act(row, "More")
        expect(waiting).to_be_visible()
        assert faults_of(chat.page) == []
    expect(chat.page.locator(f"#menu-{message.pk}")).to_be_visible()
    expect(waiting).to_be_hidden()
    chat.page.keyboard.press("Escape")
    with delayed(chat.page, reverse("message_reply", args=[message.pk])):
        chat.act(row, "Reply")
        expect(row.locator(".slot")).to_have_attribute("aria-busy", "true")
        assert row.locator(".slot").evaluate("slot => slot.offsetHeight") > 60
    expect(row.locator(".slot-form")).to_be_visible()


def test_a_menu_that_was_dismissed_does_not_open_later(chat: Chat, message: Message) -> None:
    waiting = chat.page.locator("#waiting")
    place = reverse("message_menu", args=[message.pk])
    with chat.page.expect_response(f"**{place}"), delayed(chat.page, place):
        chat.act(chat.row(message), "More")
        expect(waiting).to_be_visible()
        chat.page.keyboard.press("Escape")
        expect(waiting).to_be_hidden()
    chat.menu(chat.row(message))  # it can be opened again, and there is one only
    expect(chat.page.locator(f"#menu-{message.pk}")).to_have_count(1)


def test_what_cannot_be_loaded_leaves_nothing_waiting(chat: Chat, message: Message) -> None:
    chat.page.route("**/thread/", lambda route: route.abort())
    chat.row(message).locator(".summary").click()
    expect(chat.page.locator(".notice")).to_contain_text("cannot be reached")
    until(chat.page, lambda: not chat.panel.is_visible())
