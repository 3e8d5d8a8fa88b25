"""Saving messages by the menu and the key S, their list, and reminders that come to the inbox."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import notices_stay, stop_clock, until
from e2e.chat import Chat
from e2e.late.law import streamed, watch
from messaging.models import Conversation, Message, Reminder, SavedMessage, User
from messaging.models.inbox.reminders import remind, remind_when_due
from messaging.models.inbox.saved import save_message
from messaging.models.messages.saving import post

OpenPage = Callable[..., Page]
SAVED, INBOX = reverse("saved_list"), reverse("inbox")


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    message = post(room, ben, "Low water at four")
    Message.unread_messages.mark_as_read_for_user(ada)
    return message


def come(user: User, message: Message) -> None:
    """What the task does at the time of the reminder."""
    remind(user, message, timezone.now() - timedelta(minutes=1))
    remind_when_due.call(Reminder.objects.get().pk)


def test_the_menu_saves_and_the_list_removes_with_undo(
    open_page: OpenPage, script: bool, ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(notices_stay(open_page(ada, script))).open(room)
    chat.menu(chat.row(message)).get_by_role("button", name="Save", exact=True).click()
    expect(chat.page.get_by_text("Saved. You find it in")).to_be_visible()
    chat.page.get_by_role("link", name="Saved", exact=True).click()
    expect(chat.title).to_have_text("Saved messages")
    saved = chat.page.locator("#list .waiting")
    expect(saved).to_contain_text("Low water at four")
    saved.get_by_role("button", name="Remove").click()
    expect(chat.page.get_by_text("Nothing is saved")).to_be_visible()
    chat.page.get_by_role("button", name="Undo").click()
    expect(saved).to_contain_text("Low water at four")
    saved.get_by_role("link", name="harbour").click() if script else saved.locator(".waiting-in").click()
    expect(chat.row(message)).to_be_visible()


def test_the_form_of_a_reminder_saves_the_message(
    open_page: OpenPage, script: bool, ada: User, room: Conversation, message: Message
) -> None:
    chat = Chat(notices_stay(open_page(ada, script))).open(room)
    chat.menu(chat.row(message)).get_by_role("link", name="Remind me…").click()
    chat.page.get_by_role("button", name="In an hour").click()
    expect(chat.page.get_by_text("Saved. You will be reminded on")).to_be_visible()
    expect(chat.page.locator(".later")).to_have_count(0)
    chat.page.goto(SAVED)
    expect(chat.page.locator("#list .waiting")).to_contain_text("reminder")


def test_the_key_saves_and_an_open_list_follows(
    open_page: OpenPage, ada: User, room: Conversation, message: Message
) -> None:
    listing, chat = Chat(open_page(ada)).listen(SAVED), Chat(open_page(ada)).open(room)
    for is_saved in (True, False, True):
        chat.row(message).locator(":scope > .message").focus()
        chat.page.keyboard.press("s")
        until(chat.page, lambda is_saved=is_saved: SavedMessage.objects.exists() is is_saved)  # type: ignore[misc]
        expect(listing.page.locator("#list .waiting")).to_have_count(int(is_saved))
    expect(chat.row(message).locator(":scope > .message")).to_be_focused()
    shown = listing.page.locator("#list").inner_text()
    listing.page.reload()
    expect(listing.page.locator("#list .prose")).to_be_visible()
    assert listing.page.locator("#list").inner_text() == shown
    message.edit("Low water at five")
    expect(listing.page.locator("#list .prose")).to_have_text("Low water at five")
    message.remove()
    expect(listing.page.get_by_text("Nothing is saved")).to_be_visible()


def test_g_and_v_lead_to_the_list(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).open(room)
    page.locator("#main").focus()
    stop_clock(page)  # the two keys count together within a second and a half
    page.keyboard.type("gv")
    expect(chat.title).to_have_text("Saved messages")


def test_a_reply_in_the_list_is_shown_below(
    open_page: OpenPage, ada: User, ben: User, message: Message
) -> None:
    save_message(ada, message)
    chat = Chat(open_page(ada)).listen(SAVED)
    chat.reply_in_inbox(chat.page.locator(f"#i-{message.pk}"), "Thank you")


def test_a_reminder_comes_while_the_page_is_open_and_is_done_by_keys(
    open_page: OpenPage, ada: User, message: Message
) -> None:
    page = open_page(ada)
    watch(page)
    chat = Chat(page).listen(INBOX)
    until(page, lambda: streamed(page, "badges"))
    expect(page.get_by_text("You are all caught up")).to_be_visible()
    come(ada, message)
    reminder = page.locator("#list .waiting")
    expect(reminder).to_contain_text("Low water at four")
    expect(page.locator("#badge-inbox")).to_have_text("1 unread")
    assert faults_of(page) == []
    reminder.focus()
    page.keyboard.press("m")
    expect(page.get_by_text("Reminder done.")).to_be_visible()
    expect(page.locator("#badge-inbox")).to_be_hidden()
    page.keyboard.press("z")
    expect(reminder).to_contain_text("Low water at four")
    reminder.focus()
    page.keyboard.press("b")
    page.get_by_role("button", name="In an hour").click()
    expect(page.get_by_text("You are all caught up")).to_be_visible()
    assert chat.page is page


def test_a_reminder_is_done_without_script(open_page: OpenPage, ada: User, message: Message) -> None:
    come(ada, message)
    page = open_page(ada, script=False)
    page.goto(INBOX)
    reminder = page.locator("#list .waiting")
    expect(reminder).to_contain_text("Low water at four")
    reminder.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Undo").click()
    reminder.get_by_role("link", name="Another time").click()
    page.get_by_role("button", name="Tomorrow").click()
    expect(page.get_by_text("Saved. You will be reminded on")).to_be_visible()


def test_the_list_is_accessible(open_page: OpenPage, ada: User, message: Message) -> None:
    save_message(ada, message)
    remind(ada, message, timezone.now() + timedelta(days=1))
    page = open_page(ada)
    page.goto(SAVED)
    assert faults_of(page) == []
    page.get_by_role("link", name="Remind me:").click()
    expect(page.get_by_text("Do not remind me")).to_be_visible()
    assert faults_of(page) == []
