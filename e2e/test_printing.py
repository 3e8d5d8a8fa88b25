"""On paper a page shows all of its messages, in black on white, and nothing to click."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.chat import Chat, address_of
from e2e.pages import paths
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

LONG = "\n\n".join(["The tide comes in, and the tide goes out."] * 3)
# Parts whose content does not fit into them, so that it would be cut off on paper.
CUT = """() => [...document.querySelectorAll("body, .shell, .main, .panel, .scroll, .talk, .card-page")]
  .filter((part) => part.checkVisibility() && getComputedStyle(part).overflowY !== "visible"
    && part.scrollHeight > part.clientHeight + 1)
  .map((part) => part.className)"""
CONTROLS = (
    "button:visible, textarea:visible, .actions:visible, .sidebar:visible, .more:visible, .pill:visible"
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_conversation_and_its_thread_are_printed_as_a_whole(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, theme: str
) -> None:
    messages = [post(room, ben, f"{number}: {LONG}") for number in range(30)]
    for number in range(30):
        post(room, ben, f"Reply {number}: {LONG}", parent=messages[29])
    chat = Chat(open_page(ada, theme=theme)).open(room)
    chat.row(messages[29]).locator(".summary").click()
    expect(chat.panel.locator(".row")).to_have_count(31)
    assert chat.page.evaluate(CUT)
    chat.page.emulate_media(media="print")
    assert chat.page.evaluate(CUT) == []
    assert chat.page.locator(CONTROLS).count() == 0
    tall = sum(part.evaluate("part => part.offsetHeight") for part in chat.page.locator(".row:visible").all())
    assert chat.page.evaluate("document.documentElement.scrollHeight") > tall
    text = chat.page.locator(".prose").first.evaluate("text => getComputedStyle(text).color")
    assert text == "rgb(33, 30, 26)"
    pages = chat.page.pdf(format="A4").count(b"/Type /Page\n")
    assert pages >= 6


def test_no_page_is_cut_off_on_paper(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    message = post(room, ada, LONG)
    message.edit("High water", by=ada)
    for number in range(12):
        post(room, ben, f"@ada {number} {LONG}", parent=message)
        post(room, ben, f"@ada {number} {LONG}")
    page = open_page(ada)
    page.route("**/live/*", lambda route: route.abort())
    page.emulate_media(media="print")
    for path in [*paths(room, ben, message).values(), reverse("thread", args=[message.pk]), address_of(room)]:
        page.goto(path)
        assert page.evaluate(CUT) == [], path
        assert page.locator(".sidebar:visible, .icon-button:visible").count() == 0, path
