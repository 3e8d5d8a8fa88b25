"""An answer that arrives after the stream has brought something newer replaces nothing of it."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from e2e.browser_state import answered
from e2e.chat import Chat, address_of
from e2e.late.holding import hold
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, room: Conversation) -> Chat:
    return Chat(open_page(ada)).listen(address_of(room))


def act_late(chat: Chat, path: str, act: Callable[[], None], happens: Callable[[], None]) -> None:
    with hold(chat.page, path, "POST") as held:
        act()
        held.wait()
        happens()


def test_a_removed_message_does_not_come_back_with_the_answer_to_its_sending(
    chat: Chat, room: Conversation
) -> None:
    def removed() -> None:
        message = Message.objects.get(content="Secret")
        expect(chat.row(message)).to_be_visible()
        message.remove()
        expect(chat.row(message)).to_contain_text("Message removed")

    act_late(chat, "/send/", lambda: chat.send("Secret"), removed)
    expect(chat.timeline.get_by_text("Secret")).to_have_count(0)
    expect(chat.timeline).to_contain_text("Message removed")


def test_a_removed_message_does_not_come_back_with_the_answer_to_its_edit(
    chat: Chat, ada: User, room: Conversation
) -> None:
    message = post(room, ada, "Before")
    row = chat.row(message)
    form = chat.form(row, "Edit")

    def removed() -> None:
        Message.objects.get(pk=message.pk).remove()
        expect(row).to_contain_text("Message removed")

    act_late(chat, "/edit/", lambda: form.submit("Secret", "Save"), removed)
    expect(row.locator(".slot form")).to_have_count(0)
    expect(row).to_contain_text("Message removed")


def test_a_summary_stays_when_the_answer_to_an_edit_comes_after_a_reply(
    chat: Chat, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "Before")
    row = chat.row(message)
    form = chat.form(row, "Edit")

    def replied() -> None:
        post(room, ben, "A reply", Message.objects.get(pk=message.pk))
        expect(row.locator(".summary")).to_contain_text("1 reply")

    act_late(chat, "/edit/", lambda: form.submit("After", "Save"), replied)
    expect(row.locator(".slot form")).to_have_count(0)
    expect(row.locator(".summary")).to_contain_text("1 reply")


def test_marking_as_read_takes_no_badge_of_another_room_away(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    other = Conversation.objects.create_room("lighthouse", by=ada)
    post(room, ben, "Unread")
    add(other, ben)
    chat = Chat(open_page(ada)).listen(address_of(room))
    expect(chat.badge("harbour")).to_be_visible()

    def written() -> None:
        post(other, ben, "New")
        expect(chat.badge("lighthouse")).to_be_visible()

    act_late(chat, "/read/", chat.page.locator("#mark-read button").click, written)
    expect(chat.badge("harbour")).to_be_hidden()
    expect(chat.badge("lighthouse")).to_be_visible()


def test_a_form_that_was_opened_since_keeps_what_is_typed_when_an_edit_was_saved(
    chat: Chat, ada: User, room: Conversation
) -> None:
    message = post(room, ada, "Before")
    row = chat.row(message)
    form = chat.form(row, "Edit")

    def reply() -> None:
        chat.page.once("dialog", lambda dialog: dialog.accept())
        form.form.get_by_role("link", name="Cancel").click()
        chat.form(row, "Reply").text.fill("An answer")

    act_late(chat, "/edit/", lambda: form.submit("After", "Save"), reply)
    expect(row.locator(".message .prose")).to_have_text("After")
    expect(row.locator(".slot textarea")).to_have_value("An answer")
    expect(row.locator(".slot textarea")).to_be_focused()


def test_the_form_that_was_asked_for_last_stays(chat: Chat, ada: User, room: Conversation) -> None:
    message = post(room, ada, "Before")
    row = chat.row(message)
    with hold(chat.page, "/edit/") as held:
        chat.act(row, "Edit")
        held.wait()
        chat.form(row, "Reply").text.fill("An answer")
    expect(row.locator(".slot textarea")).to_have_count(1)
    expect(row.locator(".slot textarea")).to_have_value("An answer")


def test_the_thread_that_was_asked_for_last_stays(chat: Chat, ben: User, room: Conversation) -> None:
    first, second = (post(room, ben, text) for text in ("First", "Second"))
    for root in (first, second):
        post(room, ben, "A reply", root)
    expect(chat.page.locator(".summary")).to_have_count(2)
    with hold(chat.page, f"/messages/{first.pk}/thread/") as held:
        chat.row(first).locator(".summary").click()
        held.wait()
        chat.row(second).locator(".summary").click()
        expect(chat.panel.locator(".thread[data-thread]")).to_be_visible()
    answered(chat.page)
    expect(chat.panel.locator(".thread[data-thread]")).to_have_attribute("data-thread", str(second.pk))


def test_a_thread_that_was_closed_stays_closed(chat: Chat, ben: User, room: Conversation) -> None:
    root = post(room, ben, "First")
    reply = post(room, ben, "A reply", root)
    summary = chat.row(root).locator(".summary")
    summary.click()
    expect(chat.answer(reply)).to_be_visible()
    with hold(chat.page, "/thread/") as held:
        summary.click()
        held.wait()
        chat.panel.get_by_role("link", name="Close the thread").click()
    answered(chat.page)
    expect(chat.panel.locator(".thread")).to_have_count(0)


def test_what_was_marked_as_unread_is_held_when_the_menu_was_closed_meanwhile(
    chat: Chat, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Read me later")
    menu = chat.menu(chat.row(message))
    mark = menu.get_by_role("button", name="Mark as unread from here")

    def close() -> None:
        chat.page.keyboard.press("Escape")
        expect(menu).to_have_count(0)

    act_late(chat, "/unread/", mark.click, close)
    expect(chat.page.locator("#unread-state")).to_have_attribute("data-held", str(message.seq))


def test_marking_as_read_again_reads_what_came_meanwhile(chat: Chat, ben: User, room: Conversation) -> None:
    button = chat.page.locator("#mark-read button")
    post(room, ben, "First")

    def written() -> None:
        expect(chat.row(post(room, ben, "Second"))).to_be_visible()

    act_late(chat, "/read/", button.click, written)
    button.click()
    expect(button).to_be_hidden()


def test_a_restored_backup_is_shown_though_its_versions_are_lower(
    chat: Chat, ben: User, room: Conversation
) -> None:
    root = post(room, ben, "As in the backup")
    reply = post(room, ben, "A reply", root)
    chat.row(root).locator(".summary").click()
    expect(chat.answer(reply)).to_be_visible()
    version = Message.rows.get(pk=reply.pk).version
    Message.objects.get(pk=reply.pk).edit("After the backup")
    expect(chat.answer(reply).locator(".prose")).to_have_text("After the backup")
    rows = Message.rows.filter(pk=reply.pk)
    rows.update(content="A reply", content_html="<p>A reply</p>", edited=False, version=version)
    Conversation.objects.filter(pk=room.pk).update(version=version)
    call_command("after_restore")
    expect(chat.answer(reply).locator(".prose")).to_have_text("A reply")


def test_a_reply_that_came_after_a_report_of_what_was_seen_stays_marked(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ada, "Who has the key?")
    post(room, ben, "I do", Message.objects.get(pk=root.pk))
    chat = Chat(open_page(ada))
    threads = chat.page.locator("#unread-threads")
    with hold(chat.page, "/seen/", "POST") as held:
        with chat.page.expect_response("**/live/*"):
            chat.open(room)
        chat.row(root).locator(".summary").click()
        held.wait()
        chat.page.evaluate("Document.prototype.hasFocus = () => false")
        reply = post(room, ben, "No, Cleo", Message.objects.get(pk=root.pk))
        expect(chat.answer(reply)).to_be_visible()
    expect(chat.row(root).locator(".summary .new")).to_have_text("1 new")
    expect(threads).to_have_attribute("data-unread", f"{root.pk}:1")
