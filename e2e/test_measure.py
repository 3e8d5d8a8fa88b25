"""Messages, rules and the composer share one column, in the middle of what is left of the window."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.chat import Chat, address_of
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

COLUMN = 760
GUTTER = 24
SCROLL_BAR = 20  # at most; its space is kept on both sides
# The left and right edges of what stands in the column, relative to the part of the page that it is in.
EDGES = """part => {
  const { left, right } = part.getBoundingClientRect();
  const found = {};
  for (const selector of [".message", ".day", ".new-line", ".composer", ".page > *", ".thread > .replies"]) {
    const shown = [...part.querySelectorAll(selector)].find((one) => one.checkVisibility());
    if (!shown) continue;
    const box = shown.getBoundingClientRect();
    // The line of a day begins after its padding.
    const padding = selector === ".day" ? parseFloat(getComputedStyle(shown).paddingInlineStart) : 0;
    found[selector] = [box.left - left, right - box.right].map((space) => Math.round(space + padding));
  }
  return found;
}"""


def edges(chat: Chat, part: str = ".main") -> dict[str, list[int]]:
    found: dict[str, list[int]] = chat.page.locator(part).evaluate(EDGES)
    return found


@pytest.fixture
def chat(open_page: Callable[..., Page], ada: User, ben: User, room: Conversation) -> Chat:
    """A room with a day line, a line above the first new message, code, and a thread."""
    question = post(room, ben, "Which tide?\n```\n" + "high " * 60 + "\n```")
    post(room, ada, "The next one", parent=question)
    post(room, ben, "Long words: " + "harbour master " * 40)
    return Chat(open_page(ada)).listen(address_of(room))


@pytest.mark.parametrize("width", [800, 1024, 1440, 2560])
def test_messages_rules_and_composer_share_a_column_in_the_middle(chat: Chat, width: int) -> None:
    chat.page.set_viewport_size({"width": width, "height": 900})
    for has_panel in (False, True):
        if has_panel:
            if width < 1100:
                return
            chat.page.locator(".summary").click()
            expect(chat.panel.locator(".composer")).to_be_visible()
        room = chat.page.locator(".main").bounding_box()
        assert room
        found = edges(chat)
        assert set(found) == {".message", ".day", ".new-line", ".composer"}
        assert len({tuple(pair) for pair in found.values()}) == 1, found
        before, after = found[".message"]
        assert before == after
        if room["width"] >= COLUMN + 2 * (GUTTER + SCROLL_BAR):
            assert abs(room["width"] - 2 * before - COLUMN) <= 1
        else:
            assert GUTTER <= before <= GUTTER + SCROLL_BAR
    in_thread = edges(chat, "#panel")
    assert in_thread[".composer"] == in_thread[".thread > .replies"]


@pytest.mark.parametrize("address", ["/account/status/", "/people/", "/unread/"])
def test_pages_have_the_same_column(chat: Chat, address: str) -> None:
    chat.page.set_viewport_size({"width": 2560, "height": 900})
    chat.page.goto(address)
    page = chat.page.locator(".page").bounding_box()
    around = chat.page.locator(".main").bounding_box()
    assert page
    assert around
    assert page["width"] == COLUMN + 2 * GUTTER
    assert page["x"] - around["x"] == (around["width"] - page["width"]) / 2


def test_lines_of_text_stay_short_and_code_takes_the_column(chat: Chat) -> None:
    chat.page.set_viewport_size({"width": 2560, "height": 900})
    text, code = chat.timeline.locator(".prose > p").last, chat.timeline.locator(".prose pre").first
    text_box, code_box = text.bounding_box(), code.bounding_box()
    assert text_box
    assert code_box
    assert text_box["width"] < 650
    assert code_box["width"] == COLUMN - 48
