"""Latin letters are shown in Parley's fonts, and all others in those of the system."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from e2e.chat import address_of
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

LATIN = [
    "Zoë Brontë, Ærø and Ñandú",
    "Straße · Œuvre · café",
    "“Quoted”, ‘single’ – and — dashes… 50 € × ½",
    "0123456789 #@&%$ {}[]<>|~^`",
]
OTHERS = ["Привет", "Καλημέρα", "Łódź", "مرحبا"]


def fonts_of(page: Page, selector: str) -> dict[str, bool]:
    """The names of the fonts in which the browser shows a text, and whether each came with the page."""
    page.evaluate("() => document.fonts.ready.then(() => true)")
    tools = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        tools.send(f"{domain}.enable")
    root: Any = tools.send("DOM.getDocument")["root"]["nodeId"]
    node = tools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {font["familyName"]: font["isCustomFont"] for font in fonts}


@pytest.mark.parametrize("text", LATIN)
def test_latin_letters_are_in_the_font_of_the_page(
    open_page: Callable[..., Page], ada: User, room: Conversation, text: str
) -> None:
    post(room, ada, text)
    page = open_page(ada)
    page.goto(address_of(room))
    assert fonts_of(page, ".timeline .prose p") == {"Inter": True}
    assert fonts_of(page, ".timeline .byline .name") == {"Inter": True}


@pytest.mark.parametrize("text", OTHERS)
def test_other_letters_are_in_a_font_of_the_system(
    open_page: Callable[..., Page], ada: User, room: Conversation, text: str
) -> None:
    post(room, ada, f"Hello {text}")
    page = open_page(ada)
    page.goto(address_of(room))
    fonts = fonts_of(page, ".timeline .prose p")
    assert fonts.pop("Inter") is True
    assert fonts
    assert not any(fonts.values())


def test_headings_and_days_are_in_the_serif(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    post(room, ada, "High water")
    page = open_page(ada)
    page.goto(address_of(room))
    for selector in ("h1", ".site .sidebar-row-name", ".logo", ".timeline .day time"):
        assert fonts_of(page, selector) == {"Parley Serif 4": True}, selector
