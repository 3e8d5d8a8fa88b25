"""A command whose answer is late or lost: what was typed meanwhile stays, and nothing is done twice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.browser_state import notices_stay, until
from e2e.chat import Chat, address_of
from messaging.models import Conversation, Membership, Message, User
from messaging.models.people.preferences import NotificationLevel


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, ben: User, room: Conversation) -> Chat:
    chat = Chat(notices_stay(open_page(ada))).listen(address_of(room))
    chat.page.keyboard.type("/")  # which loads the script
    expect(chat.page.locator("#completion [role=option]").first).to_be_visible()
    return chat


def is_muted() -> bool:
    return Membership.objects.filter(notification_level=NotificationLevel.MUTED).exists()


def test_what_is_typed_while_a_command_runs_stays(chat: Chat) -> None:
    page, held = chat.page, list[Route]()
    page.route("**/send/", lambda route: held.append(route))
    chat.send("/mute")
    until(page, lambda: bool(held))
    chat.composer.press("End")
    chat.composer.press("Shift+Enter")
    page.keyboard.type("Low water at four")
    held[0].continue_()
    expect(page.locator(".notices")).to_contain_text("Muted.")
    expect(chat.composer).to_have_value("Low water at four")
    until(page, is_muted)
    page.unroute("**/send/")
    page.reload()
    expect(chat.composer).to_have_value("Low water at four")


def test_it_is_also_there_after_a_command_that_leads_elsewhere(chat: Chat, room: Conversation) -> None:
    page, held = chat.page, list[Route]()
    page.route("**/send/", lambda route: held.append(route))
    chat.send("/help")
    until(page, lambda: bool(held))
    chat.composer.press("End")
    chat.composer.press("Shift+Enter")
    page.keyboard.type("Low water at four")
    held[0].continue_()
    expect(chat.title).to_have_text("Commands")
    chat.open(room)
    expect(chat.composer).to_have_value("Low water at four")


def test_a_private_message_whose_answer_was_lost_is_sent_once(chat: Chat, ada: User, ben: User) -> None:
    page = chat.page

    def lose_the_answer(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/send/", lose_the_answer)
    chat.send("/msg @ben The key is here")
    expect(page.locator(".notices")).to_contain_text("The server cannot be reached.")
    until(page, lambda: Message.rows.count() == 1)
    page.unroute("**/send/")
    chat.send_button.click()
    expect(chat.title).to_contain_text("Ben")
    assert Message.rows.count() == 1


def test_a_mistyped_command_stays_in_the_field(chat: Chat) -> None:
    chat.send("/msg@ben The key is here")
    expect(chat.page.locator(".notices")).to_contain_text("Did you mean /msg?")
    expect(chat.composer).to_have_value("/msg@ben The key is here")
    expect(chat.outbox.locator(".outgoing-message")).to_have_count(0)
