"""Keys and the bar that format what one writes, lists that continue, and how to leave a list by keyboard."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

# In these texts "|" is the caret, or one of the two ends of the selection.
EDITED = """([name, argument, text]) => {
  const [before, ...others] = text.split("|");
  const start = before.length;
  const end = others.length > 1 ? start + others[0].length : start;
  const value = text.replaceAll("|", "");
  const edit = parley.marks[name]({ value, start, end }, argument);
  if (!edit) return null;
  const after = value.slice(0, edit.from) + edit.text + value.slice(edit.to);
  const selected = edit.start === edit.end ? "|" : `|${after.slice(edit.start, edit.end)}|`;
  return after.slice(0, edit.start) + selected + after.slice(edit.end);
}"""
# Each is undone by the same key.
TOGGLED = [
    ("bold", "a |b c| d", "a **|b c|** d"),
    ("bold", "a wo|rd d", "a **wo|rd** d"),
    ("bold", "*|a|*", "***|a|***"),
    ("italic", "**|a|**", "***|a|***"),
    ("italic", "a |b|", "a *|b|*"),
    ("strike", "|a b|", "~~|a b|~~"),
    ("code", "|x = 1|", "`|x = 1|`"),
    ("bold", "a | b", "a **|** b"),
]
ONE_WAY = [
    ("bold", "| a |b", " **|a|** b"),
    ("bold", "|**a**|", "|a|"),
    ("bold", "**a|**", "**a**|"),
    ("bold", "|- a\n- b|", "- **|a**\n- **b|**"),
    ("bold", "|**a**\nb|", "**|a**\n**b|**"),
    ("italic", "|*a* b|", "*|*a* b|*"),
]
CODE = [("|a\nb|", "```\n|a\nb|\n```"), ("x |```\n|", "````\n|x ```\n|\n````")]
LISTS = [
    ("bullets", "a|", "- a|", True),
    ("bullets", "|a\n\nb|", "|- a\n\n- b|", True),
    ("tasks", "|a\nb|", "|- [ ] a\n- [ ] b|", True),
    ("bullets", "- [x] a|", "- a|", False),
    ("numbers", "|a\nb|", "|1. a\n2. b|", True),
    ("numbers", "|- a\n- b|", "|1. a\n2. b|", False),
    ("bullets", "x\n|  1. a|", "x\n|  - a|", False),
    ("quote", "|- a\nb\n|c", "|> - a\n> b|\nc", True),
]
NEW_LINES = {
    "- a|": "- a\n- |",
    "* a|b": "* a\n* |b",
    "9. a|\n10. b\n11. c\n\n12. d": "9. a\n10. |\n11. b\n12. c\n\n12. d",
    "  1) a|": "  1) a\n  2) |",
    "- [x] a|": "- [x] a\n- [ ] |",
    "> a|": "> a\n> |",
    "> - a|": "> - a\n> - |",
    "- |": "|",
    "- a\n- |\nb": "- a\n|\nb",
    "> - a\n> - |": "> - a\n> |",
    "> a\n> |": "> a\n|",
    "a|": None,
    "|- a": None,
    "-|a": None,
    "---|": None,
    "```\n- a|": None,
}
INDENTED = {
    "- a\n- b|": "- a\n  - b|",
    "1. a\n2. b|": "1. a\n   2. b|",
    "- a\n  - b\n- |c\n- d|": "- a\n  - b\n  - |c\n  - d|",
    "- a|": None,
    "- a\n  - b|": None,
    "a|": None,
}


def plain_of(text: str) -> str:
    return text.replace("|", "")


def edited(page: Page, name: str, text: str, argument: str | bool | None = None) -> Any:
    return page.evaluate(EDITED, [name, argument, text])


def test_what_each_key_makes_of_a_text(open_page: Callable[..., Page], ada: User, room: Conversation) -> None:
    page = Chat(open_page(ada)).open(room).page
    page.evaluate("import(document.querySelector('#formatting').dataset.keys)")
    for name, plain, marked in TOGGLED:
        assert edited(page, "toggleMark", plain, name) == marked
        assert edited(page, "toggleMark", marked, name) == plain
    for name, before, after in ONE_WAY:
        assert edited(page, "toggleMark", before, name) == after, before
    for before, after in CODE:
        assert edited(page, "toggleCode", before) == after
        assert edited(page, "toggleCode", after) == before.replace("x |```\n|", "|x ```\n|")
    for kind, before, after, is_undone in LISTS:
        assert edited(page, "toggleLines", before, kind) == after, before
        assert not is_undone or edited(page, "toggleLines", after, kind).replace("|", "") == plain_of(before)
    for before, line in NEW_LINES.items():
        assert edited(page, "newLine", before) == line, before
    for before, indented in INDENTED.items():
        assert edited(page, "indent", before, False) == indented, before
        if indented:
            assert edited(page, "indent", indented, True) == before


def test_keys_format_and_are_undone_and_leave_the_list_and_the_field(chat: Chat) -> None:
    page, field = chat.page, chat.composer
    field.press_sequentially("high water")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Control+b")
    expect(field).to_have_value("high **water**")
    page.keyboard.press("Control+i")
    expect(field).to_have_value("high ***water***")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("high water")
    page.keyboard.press("Control+Shift+x")
    expect(field).to_have_value("high ~~water~~")
    page.keyboard.press("Control+k")
    address = page.get_by_label("Address")
    expect(address).to_be_focused()
    assert faults_of(page) == []
    address.press("Escape")
    expect(field).to_be_focused()
    page.keyboard.press("Control+k")
    address.fill("example.com/a b")
    address.press("Enter")
    expect(address).to_have_count(0)
    expect(field).to_have_value("high ~~[water](https://example.com/a%20b)~~")
    expect(field).to_be_focused()
    page.keyboard.press("Control+k")  # nothing is selected
    expect(page.locator("#switcher")).to_be_visible()
    page.keyboard.press("Escape")
    field.fill("tide")
    field.select_text()
    page.keyboard.press("Control+Shift+c")
    expect(field).to_have_value("`tide`")
    field.fill("- one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Tab")
    expect(field).to_have_value("- one\n  - two")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    expect(field).to_have_value("- one\n- two\n")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()
    field.press("Control+End")
    page.keyboard.press("Enter")
    expect(chat.timeline.locator(".prose li")).to_have_text(["one", "two"])


def test_keys_are_left_to_an_input_method(chat: Chat) -> None:
    field = chat.composer
    field.fill("- water")
    field.select_text()
    session = chat.page.context.new_cdp_session(chat.page)
    session.send("Input.imeSetComposition", {"text": "みず", "selectionStart": 2, "selectionEnd": 2})
    field.dispatch_event("keydown", {"key": "b", "code": "KeyB", "ctrlKey": True, "isComposing": True})
    field.dispatch_event("keydown", {"key": "Tab", "code": "Tab", "keyCode": 229})
    session.send("Input.insertText", {"text": "水"})
    expect(field).to_have_value("水")


def test_the_bar_stays_as_it_was_chosen_and_formats_what_is_selected(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    mine = post(room, ada, "high water")
    chat = Chat(open_page(ada, phone=True)).open(room)
    page = chat.page
    bar = page.get_by_role("toolbar", name="Formatting")
    expect(bar).to_have_count(0)
    page.get_by_role("button", name="Formatting").tap()
    expect(bar).to_be_visible()
    assert bar.bounding_box()["height"] < 60  # type: ignore[index]
    chat.composer.fill("tide")
    chat.composer.select_text()
    bar.get_by_role("button", name="Bold", exact=True).tap()
    expect(chat.composer).to_have_value("**tide**")
    expect(chat.composer).to_be_focused()
    page.reload()
    expect(bar).to_be_visible()
    assert faults_of(page) == []
    bold, italic = (bar.get_by_role("button", name=name, exact=True) for name in ("Bold", "Italic"))
    bold.focus()
    page.keyboard.press("ArrowRight")
    expect(italic).to_be_focused()
    assert (bold.get_attribute("tabindex"), italic.get_attribute("tabindex")) == ("-1", "0")
    page.keyboard.press("End")
    expect(bar.get_by_role("button", name="Preview", exact=True)).to_be_focused()
    page.get_by_role("button", name="Formatting").tap()
    expect(bar).to_have_count(0)
    page.goto(f"/messages/{mine.pk}/edit/")
    page.get_by_role("button", name="Formatting").tap()
    expect(bar).to_have_count(1)


def test_without_script_there_is_no_button_for_it(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada, script=False)).open(room)
    expect(chat.send_button).to_be_visible()
    expect(chat.page.get_by_role("button", name="Formatting")).to_be_hidden()
