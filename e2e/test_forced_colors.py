"""In a high-contrast theme, which takes away backgrounds and shadows, one still sees what is current."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from e2e.chat import Chat, address_of
from messaging.models import Conversation, User
from messaging.models.messages.saving import post


def look(part: Locator) -> set[object]:
    """The colours that an element is painted with along a line through its left part, beside its text.

    The computed style would be wrong here: it has the stylesheet's colours, not the forced ones.
    """
    picture = Image.open(BytesIO(part.screenshot())).convert("RGB")
    return {picture.getpixel((4, y)) for y in range(picture.height)}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_current_place_and_tab_look_different_from_the_others(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, theme: str
) -> None:
    Conversation.objects.create_room("pier", by=ada)
    root = post(room, ben, "Who has the key?")
    post(room, ada, "I have", parent=root)
    Conversation.objects.direct(ada, ben)
    page = open_page(ada, theme=theme, forced_colors="active")
    pages = {
        address_of(room): ".sidebar-row",
        "/inbox/": ".shortcut",
    }
    for path, kind in pages.items():
        page.goto(path)
        current = page.locator(f"{kind}[aria-current]")
        for other in page.locator(f".sidebar a{kind}:not([aria-current], [hidden])").all():
            assert look(current) - look(other)
    page.goto("/inbox/")
    assert look(page.locator(".tabs [aria-current]")) != look(
        page.locator(".tabs a:not([aria-current])").first
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_icons_are_seen(open_page: Callable[..., Page], ada: User, room: Conversation, theme: str) -> None:
    page = open_page(ada, theme=theme, forced_colors="active")
    page.goto(address_of(room))
    icons = page.locator(".icon:visible")
    expect(icons.nth(5)).to_be_visible()
    for icon in icons.all():
        picture = Image.open(BytesIO(icon.screenshot())).convert("L")
        darkest, lightest = picture.getextrema()
        assert lightest - darkest > 100, icon.get_attribute("class")  # type: ignore[operator]


def test_the_linked_message_the_chosen_entry_and_the_current_version_are_marked(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    messages = [post(room, ben, f"Wave {number}") for number in range(3)]
    messages[1].edit("Edited", by=ben)
    chat = Chat(open_page(ada, forced_colors="active"))
    chat.page.goto(reverse("message", args=[messages[1].pk]))
    expect(chat.row(messages[1])).to_be_in_viewport()
    assert look(chat.row(messages[1])) != look(chat.row(messages[0]))
    menu = chat.menu(chat.row(messages[0]))
    entries = menu.locator(".menu-item")
    entries.nth(1).hover()
    assert look(entries.nth(1)) != look(entries.nth(2))
    chat.page.keyboard.press("Escape")
    history = chat.history(chat.row(messages[1]))
    current, earlier = history.locator(".revision").first, history.locator(".revision").last
    assert look(current) != look(earlier)
