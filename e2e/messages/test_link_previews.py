"""The card of a page below a message: live for all, and removed by its author, with script and without."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.factories import link_preview

OpenPage = Callable[..., Page]


def test_a_card_arrives_and_its_author_removes_it(
    open_page: OpenPage, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "See https://harbour.example/tides")
    Message.unread_messages.mark_as_read_for_user(ben)
    hers, his = (Chat(open_page(user)).listen(reverse("conversation", args=[room.pk])) for user in (ada, ben))
    link_preview(message, description="When the water is high", site_name="Harbour")
    for chat in (hers, his):
        card = chat.row(message).locator(".link-preview")
        expect(card.get_by_role("link", name="Tides")).to_have_attribute(
            "href", "https://harbour.example/tides"
        )
        expect(card).to_contain_text("harbour.example")
        expect(card.locator("img")).to_have_js_property("naturalWidth", 256)
        expect_as_fresh(chat)
    remove = his.row(message).get_by_role("link", name="Remove link preview", include_hidden=True)
    expect(remove).to_be_hidden()
    hers.row(message).locator(".link-preview").hover()
    hers.row(message).get_by_role("link", name="Remove link preview").click()
    for chat in (hers, his):
        expect(chat.row(message).locator(".link-preview")).to_have_count(0)
        expect(chat.row(message).get_by_role("link", name="harbour.example")).to_be_visible()
        chat.page.evaluate("document.activeElement.blur()")
        expect_as_fresh(chat)


def test_without_script_a_page_removes_it(open_page: OpenPage, ada: User, room: Conversation) -> None:
    message = post(room, ada, "See https://harbour.example/tides")
    link_preview(message)
    chat = Chat(open_page(ada, script=False)).open(room)
    row = chat.row(message)
    row.locator(".link-preview").hover()
    row.get_by_role("link", name="Remove link preview").click()
    expect(chat.page.get_by_text("Remove this preview for everyone?")).to_be_visible()
    chat.page.get_by_role("button", name="Remove").click()
    expect(chat.page.get_by_text("Link preview removed.")).to_be_visible()
    expect(row.locator(".link-preview")).to_have_count(0)
