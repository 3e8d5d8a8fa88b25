"""Commands: offered after a / at the start, run by Enter, and refused with the text kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import notices_stay, until
from e2e.chat import Chat, address_of
from messaging.models import Conversation, Membership, Message, User
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel

OpenPage = Callable[..., Page]


@pytest.fixture
def chat(open_page: OpenPage, ada: User, room: Conversation) -> Chat:
    return Chat(notices_stay(open_page(ada))).listen(address_of(room))


def is_muted() -> bool:
    return Membership.objects.filter(notification_level=NotificationLevel.MUTED).exists()


def test_a_slash_offers_the_commands_and_enter_runs_one(chat: Chat, room: Conversation) -> None:
    page = chat.page
    chat.composer.press_sequentially("/")
    options = page.locator("#completion [role=option]")
    expect(options).to_have_count(8)
    assert faults_of(page) == []
    chat.composer.press_sequentially("top")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(chat.composer).to_have_value("/topic ")
    chat.composer.press_sequentially("Ebb and flood")
    page.keyboard.press("Enter")
    expect(page.locator(".notices")).to_contain_text("Topic saved.")
    expect(chat.composer).to_have_value("")
    expect(page.locator(".bar-title")).to_contain_text("Ebb and flood")
    assert not Message.rows.exists()
    page.reload()
    expect(chat.composer).to_have_value("")  # no draft is left


def test_a_refused_command_stays_in_the_field(chat: Chat) -> None:
    chat.send("/mutee")
    expect(chat.page.locator(".notices")).to_contain_text("Did you mean /mute")
    expect(chat.composer).to_have_value("/mutee")
    expect(chat.composer).to_be_focused()
    expect(chat.outbox.locator(".outgoing-message")).to_have_count(0)
    chat.send("/mute")
    expect(chat.page.locator(".notices")).to_contain_text("Muted.")
    until(chat.page, is_muted)
    expect(chat.page.locator(".sidebar-row.muted")).to_contain_text("harbour")


def test_one_that_cannot_reach_the_server_is_not_sent_later(chat: Chat) -> None:
    chat.page.keyboard.type("/")  # which loads the script
    expect(chat.page.locator("#completion [role=option]").first).to_be_visible()
    chat.page.route("**/send/", lambda route: route.abort())
    chat.send("/mute")
    expect(chat.page.locator(".notices")).to_contain_text("The server cannot be reached.")
    expect(chat.composer).to_have_value("/mute")
    chat.page.unroute("**/send/")
    chat.page.reload()
    expect(chat.composer).to_have_value("/mute")  # the draft
    assert not is_muted()


def test_texts_that_begin_with_a_slash_are_sent(chat: Chat) -> None:
    for typed, shown in (
        ("/etc/passwd is missing", "/etc/passwd is missing"),
        ("//mute is a command", "/mute is a command"),
        ("/me waves", "waves"),
    ):
        chat.send(typed)
        expect(chat.row_with(shown)).to_be_visible()
    expect(chat.row_with("waves").locator("em")).to_have_text("waves")


def test_help_leads_to_the_list_and_a_poll_to_its_form(chat: Chat, room: Conversation) -> None:
    chat.send("/help")
    expect(chat.title).to_have_text("Commands")
    assert faults_of(chat.page) == []
    chat.open(room)
    expect(chat.composer).to_have_value("")
    chat.send("/poll Lunch?\nSoup\nHerring")
    expect(chat.page.get_by_label("Question")).to_have_value("Lunch?")
    expect(chat.page.get_by_role("textbox", name="Choices")).to_have_value("Soup\nHerring")


def test_in_a_reply_it_is_about_the_message(
    open_page: OpenPage, script: bool, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Low water at four")
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(notices_stay(open_page(ada, script))).open(room)
    chat.form(chat.row(message), "Reply").submit("/remind", "Reply")
    expect(chat.title).to_have_text("Remind me")
    chat.page.get_by_role("button", name="Tomorrow").click()
    expect(chat.page.get_by_text("Saved. You will be reminded on")).to_be_visible()


def test_without_script_a_form_runs_it(open_page: OpenPage, ada: User, room: Conversation) -> None:
    chat = Chat(open_page(ada, script=False)).open(room)
    chat.send("/mutee")
    expect(chat.page.get_by_text("Did you mean /mute")).to_be_visible()
    expect(chat.composer).to_have_value("/mutee")
    chat.send("/topic Ebb and flood")
    expect(chat.page.get_by_text("Topic saved.")).to_be_visible()
    expect(chat.page.locator(".bar-title")).to_contain_text("Ebb and flood")
