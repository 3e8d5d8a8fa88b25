"""Pinning from the menu and by a key; what others see, and the list."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

OpenPage = Callable[..., Page]


def test_a_pin_is_seen_by_all_at_once_and_leads_to_the_list(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Low water at four")
    Message.unread_messages.mark_as_read_for_user(ada)
    hers, his = (Chat(open_page(user)).listen(reverse("conversation", args=[room.pk])) for user in (ada, ben))
    row = hers.row(message)
    row.hover()
    row.get_by_role("link", name="More actions").click()
    row.get_by_role("button", name="Pin", exact=True).click()
    for chat in (hers, his):
        expect(chat.row(message).get_by_role("link", name="Pinned")).to_be_visible()
        expect(chat.page.get_by_role("link", name="1 pinned")).to_be_visible()
    expect(row.locator(".menu")).to_have_count(0)
    his.row(message).locator(":scope > .message").focus()
    his.page.keyboard.press("p")
    for chat in (hers, his):
        expect(chat.row(message).locator(".pinned")).to_have_count(0)
        expect(chat.page.get_by_role("link", name="1 pinned")).to_have_count(0)
    his.page.keyboard.press("p")
    expect(hers.row(message).locator(".pinned")).to_be_visible()
    for chat in (hers, his):
        chat.page.evaluate("document.activeElement.blur()")
        expect_as_fresh(chat)
    hers.row(message).get_by_role("link", name="Pinned").click()
    expect(hers.page.get_by_role("heading", level=1)).to_have_text("Pinned messages")
    expect(hers.page.get_by_text("Pinned by Ben Okri")).to_be_visible()
    hers.page.get_by_role("button", name="Unpin").click()
    expect(hers.page.get_by_text("Nothing is pinned here")).to_be_visible()
    expect(his.row(message).locator(".pinned")).to_have_count(0)
