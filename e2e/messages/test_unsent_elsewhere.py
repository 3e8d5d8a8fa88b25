"""Unsent messages on other pages, below old messages, and in browsers that keep nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.browser_state import until
from e2e.chat import Chat, delayed
from e2e.messages.test_hostile_text import dialogs_of
from e2e.unsent import (
    TEXT,
    Sent,
    button,
    contents,
    expect_sent_once,
    fail_to_send,
    kept,
    kept_texts,
    sending_fails,
)
from messaging.models import Conversation, User
from messaging.models.messages.saving import post


def test_on_other_pages_it_is_in_the_sidebar_and_goes_to_its_room(
    chat: Chat, ada: User, room: Conversation
) -> None:
    other_room = Conversation.objects.create_room("mill", by=ada)
    post(other_room, ada, "Only this")
    sidebar = chat.page.locator("#unsent")
    sent = Sent(chat.page.context)
    with sending_fails(chat.page.context):
        fail_to_send(chat)
        chat.open(other_room)
        until(chat.page, lambda: len(sent.ids) == 2)  # once more by itself
        expect(button(sidebar, "Not sent")).to_contain_text("1")
        button(sidebar, "Not sent").click()
        expect(button(sidebar, "Try again")).to_be_visible()
        expect(sidebar).to_contain_text("# harbour")
        expect(chat.outbox).to_be_empty()
    button(sidebar, "Try again").click()
    expect(sidebar).to_be_hidden()
    expect(chat.timeline.locator(".prose")).to_have_text(["Only this"])
    chat.open(room)
    expect_sent_once(chat)


def test_leaving_the_page_while_it_is_sent_sends_it_once(chat: Chat, ada: User, room: Conversation) -> None:
    with sending_fails(chat.page.context, lambda route: None):
        chat.send(TEXT)
        until(chat.page, lambda: kept_texts(chat.page) == [TEXT])
    chat.page.goto("/")
    until(chat.page, lambda: contents() == [TEXT])
    until(chat.page, lambda: kept(chat.page) == [])
    chat.open(room)
    expect_sent_once(chat)


WITHOUT = [
    "Object.defineProperty(window, 'indexedDB', {value: undefined})",
    "indexedDB.open = () => { throw new DOMException('', 'SecurityError') }",
    "indexedDB.open = () => { const asked = {}; setTimeout(() => asked.onerror()); return asked }",
    "indexedDB.open = () => new EventTarget()",
]


@pytest.mark.parametrize("without", WITHOUT, ids=["missing", "refused", "failing", "hanging"])
def test_without_a_database_messages_are_sent_and_nothing_is_promised(
    open_page: Callable[..., Page], ada: User, room: Conversation, without: str
) -> None:
    page = open_page(ada)
    page.add_init_script(without)
    chat = Chat(page).open(room)
    with sending_fails(page.context):
        fail_to_send(chat, is_kept=False)
    expect(chat.outbox).to_contain_text("What you typed is still here")
    expect(chat.outbox.get_by_text("Kept in this browser")).to_be_hidden()
    dialogs = dialogs_of(page)
    page.close(run_before_unload=True)
    until(page, lambda: [dialog.type for dialog in dialogs] == ["beforeunload"])
    button(chat.outbox, "Try again").click()
    expect(chat.row_with(TEXT)).to_have_count(1)
    expect(chat.outbox).to_be_empty()
    chat.send("Next")
    expect(chat.row_with("Next")).to_have_count(1)
    assert contents() == [TEXT, "Next"]


def test_a_kept_message_does_not_hold_the_reader_back(chat: Chat) -> None:
    dialogs = dialogs_of(chat.page)
    with sending_fails(chat.page.context):
        fail_to_send(chat)
    chat.page.goto("/")
    assert dialogs == []


def test_a_message_below_old_messages_is_kept_too(chat: Chat, ada: User, room: Conversation) -> None:
    """Sending there leads to the newest messages, without leaving the page."""
    chat.page.goto("/account/")  # so that the page does not show each of them as it arrives
    waves = [post(room, ada, f"Wave {number}") for number in range(200)]
    chat.page.goto(f"/messages/{waves[10].pk}/")
    expect(chat.page.get_by_role("link", name="Newer messages")).to_be_attached()
    with sending_fails(chat.page.context):
        fail_to_send(chat)
        expect(chat.row(waves[-1])).to_be_in_viewport()
    chat.open(room)
    expect_sent_once(chat)
    with delayed(chat.page, "/send/") as waiting:
        chat.send("Next")
        until(chat.page, lambda: waiting)
    expect_sent_once(chat, "Next")
