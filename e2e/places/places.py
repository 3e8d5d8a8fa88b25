"""An open page that goes from place to place, and what a test can tell of it."""

from playwright.sync_api import Page, Request, expect

from e2e.chat import Chat, address_of
from messaging.models import Conversation


class Loads:
    """The documents that a page loads from now on."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.resource_type == "document":
            self.addresses.append(request.url)


def go(chat: Chat, conversation: Conversation) -> None:
    """Click a conversation's line in the sidebar, and wait until it is shown and its stream is open."""
    chat.place(conversation.name).click()
    arrived(chat, conversation)


def arrived(chat: Chat, conversation: Conversation) -> None:
    expect(chat.page.locator(f"#main[data-conversation='{conversation.pk}']")).to_be_attached()
    connected(chat.page)
    assert address_of(conversation) in chat.page.url


def connected(page: Page) -> None:
    """Wait until the stream of the place is open."""
    expect(page.locator("body[data-live]")).to_be_attached()


def timeline_scroll(page: Page) -> float:
    position: float = page.locator(".newest-first").evaluate("(view) => view.scrollTop")
    return position
