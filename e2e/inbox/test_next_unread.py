"""N leads to the next unread message, on the page and then anywhere; with Shift to the next unread thread."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.chat import Chat, address_of
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add

OpenPage = Callable[..., Page]


@pytest.fixture
def rooms(room: Conversation, ada: User, ben: User) -> list[Conversation]:
    """Rooms in the order of the sidebar."""
    rooms = [room, *(Conversation.objects.create_room(name, by=ada) for name in ("island", "jetty"))]
    for one in rooms[1:]:
        add(one, ben)
    return rooms


def follows(page: Page, key: str, message: Message, place: str) -> None:
    """The key leads to the message's page, with the focus in the composer. Then Escape leads out."""
    page.keyboard.press(key)
    page.wait_for_url(f"**#{place}-{message.pk}")
    expect(page.locator(".main .composer textarea")).to_be_focused()
    page.keyboard.press("Escape")


def test_it_leads_through_all_that_is_unread(
    open_page: OpenPage, ada: User, ben: User, rooms: list[Conversation]
) -> None:
    root = post(rooms[0], ben, "Who comes?")
    replies = [post(rooms[0], ada, f"I do {number}", parent=root) for number in range(2)]
    far = post(rooms[2], ada, "Cast off")
    waves = [post(rooms[1], ada, f"Wave {number}") for number in range(3)]
    chat = Chat(open_page(ben)).without_reports().open(rooms[1])
    page = chat.page
    page.keyboard.press("Escape")
    expect(chat.row(waves[0]).locator(":scope > .message")).to_be_focused()  # the first new one
    for wave in waves[1:]:
        page.keyboard.press("n")
        expect(chat.row(wave).locator(":scope > .message")).to_be_focused()
    follows(page, "n", far, "m")
    follows(page, "n", replies[0], "t")  # threads come before rooms
    expect(chat.answer(replies[0]).locator(":scope > .message")).to_be_focused()
    page.keyboard.press("n")
    expect(chat.answer(replies[1]).locator(":scope > .message")).to_be_focused()
    follows(page, "n", waves[0], "m")
    follows(page, "Shift+N", replies[0], "t")


def test_what_was_seen_is_passed_over(
    open_page: OpenPage, ada: User, ben: User, rooms: list[Conversation]
) -> None:
    post(rooms[0], ada, "Seen")
    there = post(rooms[1], ada, "Not seen")
    chat = Chat(open_page(ben))
    with chat.page.expect_response("**/seen/"):
        chat.open(rooms[0])
    chat.page.keyboard.press("Escape")
    follows(chat.page, "n", there, "m")


def test_with_nothing_unread_it_says_so(open_page: OpenPage, ben: User, rooms: list[Conversation]) -> None:
    page = open_page(ben)
    for key in ("n", "Shift+N"):
        page.goto(address_of(rooms[0]))
        page.keyboard.press("Escape")
        page.keyboard.press(key)
        expect(page.get_by_text("You are all caught up")).to_be_visible()
