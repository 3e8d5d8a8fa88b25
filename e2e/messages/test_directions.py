"""Arabic and Hebrew are written from the right, English and code from the left, each where it stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

ARABIC, HEBREW = "مرحبا بالجميع", "שלום לכולם"


def direction(part: Locator) -> str:
    """The direction of an element's text, as the browser decides it: "ltr" or "rtl"."""
    return str(part.evaluate(READ_DIRECTION))


# `unicode-bidi: plaintext` and `dir=auto` decide line by line, which the computed style does not tell: the
# first letter stands at the side where the text begins.
READ_DIRECTION = """element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    let text = walker.nextNode()
    while (!text.data.trim()) text = walker.nextNode()
    const start = text.data.search(/\\S/), range = document.createRange()
    range.setStart(text, start)
    range.setEnd(text, start + 1)
    const letter = range.getBoundingClientRect()
    range.selectNodeContents(element)
    const whole = range.getBoundingClientRect()
    return letter.left - whole.left < whole.right - letter.right ? "ltr" : "rtl"
}"""


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        (f"{ARABIC}\n\nand in English", "p", ["rtl", "ltr"]),
        (f"English first\n\n{HEBREW} and English", "p", ["ltr", "rtl"]),
        (f"- {ARABIC}\n- milk\n- {HEBREW}", "li", ["rtl", "ltr", "rtl"]),
        (f"1. tea\n2. {ARABIC}", "li", ["ltr", "rtl"]),
        (f"> {HEBREW}\n\nyes", "p", ["rtl", "ltr"]),
        (f"# {ARABIC}", "h1, h2, h3, h4, h5, h6, p", ["rtl"]),
        (f"```\nprint('x')  # {ARABIC}\n```", "pre", ["ltr"]),
        (f"```\n{HEBREW} = 'forty-two bottles of water'\n```", "pre", ["ltr"]),
    ],
)
def test_each_paragraph_and_item_decides_by_itself_and_code_is_left_to_right(
    open_page: Callable[..., Page], ada: User, room: Conversation, text: str, part: str, expected: list[str]
) -> None:
    message = post(room, ada, text)
    chat = Chat(open_page(ada, script=False)).open(room)
    parts = chat.row(message).locator(".prose").locator(part)
    assert [direction(one) for one in parts.all()] == expected


def test_fields_follow_what_is_typed(open_page: Callable[..., Page], ada: User, room: Conversation) -> None:
    message = post(room, ada, HEBREW)
    chat = Chat(open_page(ada)).open(room)
    for text, expected in [(ARABIC, "rtl"), ("Hello", "ltr"), ("123 " + HEBREW, "rtl")]:
        chat.composer.fill(text)
        expect(chat.composer).to_have_css("direction", expected)
    edited = chat.form(chat.row(message), "Edit").text
    expect(edited).to_have_css("direction", "rtl")
    edited.fill("In English now")
    expect(edited).to_have_css("direction", "ltr")
