"""Unsent replies, and messages whose room or parent has changed meanwhile."""

import pytest
from playwright.sync_api import expect

from e2e.browser_state import until
from e2e.chat import Chat
from e2e.unsent import (
    TEXT,
    button,
    contents,
    fail_to_send,
    kept,
    kept_texts,
    sending_fails,
    until_kept,
)
from messaging.models import Conversation, Message, User
from messaging.models.messages.removal import remove
from messaging.models.messages.saving import post
from messaging.models.rooms.settings import archive


def test_a_reply_from_the_timeline_survives_a_reload(chat: Chat, question: Message) -> None:
    chat.page.reload()
    with sending_fails(chat.page.context):
        form = chat.form(chat.row(question), "Reply")
        form.submit(TEXT, "Reply")
        until(chat.page, lambda: kept_texts(chat.page) == [TEXT])
        expect(form.text).to_have_value(TEXT)
    chat.page.reload()
    until(chat.page, lambda: contents() == [question.content, TEXT])
    until(chat.page, lambda: kept(chat.page) == [])
    assert Message.objects.get(content=TEXT).parent_message == question


@pytest.mark.parametrize("where", ["panel", "page"])
def test_a_reply_in_a_thread_survives_a_reload(
    chat: Chat, ada: User, room: Conversation, question: Message, where: str
) -> None:
    post(room, ada, "Me", parent=question)
    if where == "page":
        chat.open_thread(question)
    else:
        chat.open(room)
        chat.row(question).locator(".summary").click()
    field = chat.page.locator(".thread-foot").get_by_label("Message", exact=True)
    with sending_fails(chat.page.context):
        field.fill(TEXT)
        field.press("Enter")
        until(chat.page, lambda: kept_texts(chat.page) == [TEXT])
    chat.page.reload()
    until(chat.page, lambda: contents() == [question.content, "Me", TEXT])
    until(chat.page, lambda: kept(chat.page) == [])
    assert Message.objects.get(content=TEXT).parent_message == question


def test_a_panel_that_is_closed_leaves_its_unsent_reply_in_the_room(
    chat: Chat, ada: User, room: Conversation, question: Message
) -> None:
    post(room, ada, "Me", parent=question)
    chat.open(room)
    chat.row(question).locator(".summary").click()
    field = chat.page.locator(".thread-foot").get_by_label("Message", exact=True)
    with sending_fails(chat.page.context):
        field.fill(TEXT)
        field.press("Enter")
        expect(button(chat.panel, "Try again")).to_be_visible()
        chat.panel.locator("[data-close]").click()
        expect(chat.outbox).to_contain_text(TEXT)


def test_a_message_to_a_room_that_was_archived_waits_with_the_reason(
    chat: Chat, ada: User, room: Conversation
) -> None:
    with sending_fails(chat.page.context):
        fail_to_send(chat)
        archive(room, by=ada)
    chat.page.reload()
    expect(chat.outbox).to_contain_text(TEXT)
    expect(chat.outbox).to_contain_text("archived")
    expect(button(chat.outbox, "Discard")).to_be_visible()
    assert contents() == []
    assert kept_texts(chat.page) == [TEXT]


def test_a_reply_to_a_message_that_was_removed_waits_with_the_reason(
    chat: Chat, ben: User, room: Conversation, question: Message
) -> None:
    chat.page.reload()
    with sending_fails(chat.page.context):
        form = chat.form(chat.row(question), "Reply")
        form.submit(TEXT, "Reply")
        until_kept(chat.page, TEXT)
        remove(question, by=ben)
    chat.page.reload()
    expect(chat.outbox).to_contain_text(TEXT)
    expect(chat.outbox.locator(".send-error")).not_to_be_empty()
    assert TEXT not in contents()
    assert kept_texts(chat.page) == [TEXT]
