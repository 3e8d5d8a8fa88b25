"""Completion of people and emoji while one writes: by keyboard, by touch, and where it is not offered."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat, address_of
from e2e.messages.test_caret import PRESSED
from messaging.models import Conversation, User
from messaging.models.inbox import mentionable
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory

TOKENS = """texts => texts.map((text) => {
  const end = text.indexOf("|");
  const field = { value: text.replace("|", ""), selectionStart: end, selectionEnd: end };
  const token = parley.completion.tokenAt(field);
  return token && `${token.sign}${token.typed}`;
})"""
BEGUN = {
    "@|": "@",
    "Hello @be|": "@be",
    "(@be|)": "@be",
    "@jérô|": "@jérô",
    "请@be|": "@be",
    "a `b` @be|": "@be",
    "```\ncode\n```\n@be|": "@be",
    "```code```\n@be|": "@be",
    "> quote\n\n@be|": "@be",
    "> quote :ta|": ":ta",
    "So :tad|": ":tad",
    ":+1|": ":+1",
    "one`\n\n@be|": "@be",
}
NOT_BEGUN = [
    *("ben@example|", "ben@|", "a/@be|", "..@be|", "@be|n", "@ben |", "\\@be|", "@ben@|", "plain|"),
    *("> @be|", "`@be|", "`a @be|` b", "```\n@be|", "```py\nx = 1\n@be|", "~~~\n:tad|", "text ```\n@be|"),
    *(
        "    @be|",
        "``a ` @be|",
        "12:30|",
        "12:3|",
        "http:/|",
        "std::ve|",
        ":D|",
        ":)|",
        ":-D|",
        "a:tad|",
        ": so|",
    ),
]


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def chosen(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option", selected=True)


def heard_in(page: Page) -> tuple[str, bool, str]:
    """What the browser tells a screen reader of the field with the focus: its role, whether it has several
    lines, and the name of the option that is highlighted."""
    session = page.context.new_cdp_session(page)
    nodes = [one for one in session.send("Accessibility.getFullAXTree")["nodes"] if not one["ignored"]]
    [field] = [one for one in nodes if "activedescendant" in properties_of(one)]
    [highlighted] = properties_of(field)["activedescendant"]["relatedNodes"]
    [option] = [one for one in nodes if one.get("backendDOMNodeId") == highlighted["backendDOMNodeId"]]
    assert properties_of(field)["focused"]["value"]
    assert properties_of(option)["selected"]["value"]
    return field["role"]["value"], properties_of(field)["multiline"]["value"], option["name"]["value"]


def properties_of(node: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in node.get("properties", [])}


def test_a_mention_is_chosen_by_keyboard_and_enter_sends_afterwards(
    chat: Chat, room: Conversation, ben: User
) -> None:
    add(room, UserFactory.create(username="benita", display_name="Benita Quay"))
    page, field = chat.page, chat.composer
    field.press_sequentially("Hi @ben")
    expect(options(page)).to_have_count(2)
    expect(chosen(page)).to_have_count(0)  # "@ben" is whole, so Enter would send it
    expect(field).to_have_attribute("aria-controls", "completion")
    expect(page.locator("#completion-count")).to_have_text("Suggestions: 2")
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_contain_text("Benita Quay")
    expect(field).to_have_attribute("aria-activedescendant", chosen(page).get_attribute("id") or "")
    assert heard_in(page) == ("textbox", True, "Benita Quay @benita")
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(field).to_be_focused()
    assert field.get_attribute("aria-controls") is None
    field.press_sequentially("i")
    expect(options(page)).to_have_count(0)  # Esc was for this word
    page.keyboard.press("Backspace")
    field.press_sequentially(", @oKr")
    expect(chosen(page)).to_contain_text("Ben Okri")
    page.keyboard.press("Tab")
    expect(field).to_have_value("Hi @ben, @ben ")
    expect(field).to_be_focused()
    page.keyboard.press("Control+z")
    expect(field).to_have_value("Hi @ben, @oKr")
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    expect(chosen(page)).to_contain_text("Ben Okri")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Hi @ben, @ben ")
    field.press_sequentially("and @ben")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Enter")
    expect(chat.row_with("Hi @ben, @ben and @ben").locator(".mention")).to_have_count(3)
    expect(field).to_have_value("")
    expect(options(page)).to_have_count(0)


def test_replies_and_edits_complete_too_and_so_does_another_room(
    chat: Chat, room: Conversation, ada: User, ben: User
) -> None:
    other = Conversation.objects.create_room("quay", by=ada)
    mine = post(room, ada, "Tell ")
    page = chat.open(room).page
    edit = chat.form(chat.row(mine), "Edit").text
    edit.press_sequentially(" @be")
    expect(chosen(page)).to_contain_text("Ben Okri")
    page.keyboard.press("Enter")
    expect(edit).to_have_value("Tell @ben ")
    page.keyboard.press("Enter")
    expect(chat.row(mine).locator(".mention")).to_have_text("@ben")
    expect(page.locator(".slot-form")).to_have_count(0)  # the stream may be faster than the answer
    reply = chat.form(chat.row(mine), "Reply").text
    reply.press_sequentially("so @")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Tab")  # nothing is highlighted, so it leads on
    expect(options(page)).to_have_count(0)
    expect(reply).not_to_be_focused()
    reply.press_sequentially("be")
    expect(chosen(page)).to_contain_text("Ben Okri")
    page.keyboard.press("Escape")  # closes the list, not the form
    expect(options(page)).to_have_count(0)
    reply.fill("")
    reply.press_sequentially("so :tad")
    expect(chosen(page)).to_contain_text(":tada:")
    page.keyboard.press("Enter")
    expect(reply).to_have_value("so 🎉 ")
    page.keyboard.press("Escape")  # closes the form
    chat.place("quay").click()
    page.wait_for_url(address_of(other))
    expect(chat.title).to_contain_text("quay")
    chat.composer.press_sequentially("@be")
    expect(options(page)).to_contain_text(["@ben · not in this room"])
    expect(chosen(page)).to_have_count(0)  # people outside are never highlighted without a key
    options(page).click()
    expect(chat.composer).to_have_value("@ben ")
    expect(chat.composer).to_be_focused()
    note = page.locator(".completion-note")
    expect(note).to_contain_text("Ben Okri is not in this conversation")
    assert faults_of(page) == []
    chat.composer.fill("@bea")
    expect(note).to_have_count(0)
    chat.composer.fill("")
    chat.composer.press_sequentially("Hi @BEN and all")  # typed in full
    expect(note).to_have_count(1)
    chat.composer.fill("")
    expect(note).to_have_count(0)
    chat.composer.press_sequentially("@be")
    options(page).click()
    note.get_by_role("link", name="Add them").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_value(str(ben.pk))
    page.go_back()
    expect(chat.composer).to_have_value("@ben ")


def test_the_server_is_asked_for_people_whom_the_page_does_not_have(
    chat: Chat, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentionable, "IN_PAGE", 1)
    for name in ("Zelda Moor", "Zeno Quay"):
        add(room, UserFactory.create(username=name[:4].lower(), display_name=name))
    chat.composer.press_sequentially("@ze")
    expect(options(chat.page)).to_have_count(2)
    expect(chosen(chat.page)).to_contain_text("Zeno Quay")
    chat.composer.press_sequentially("l")
    expect(options(chat.page)).to_contain_text(["@zeld"])
    chat.composer.press_sequentially("x")
    expect(options(chat.page)).to_have_count(0)
    chat.page.evaluate("() => { const { now } = Date; Date.now = () => now() + 60_000; }")
    chat.composer.fill("")
    with chat.page.expect_response("**/mentionable/"):  # the list has become old
        chat.composer.press_sequentially("@")
    expect(options(chat.page)).to_have_count(1)
    chat.composer.fill("@ze")  # which was asked for before
    expect(options(chat.page)).to_have_count(2)


def test_it_is_offered_only_where_the_text_would_mean_it(chat: Chat) -> None:
    chat.composer.press_sequentially("@b")
    expect(options(chat.page).first).to_be_visible()
    texts = [*BEGUN, *NOT_BEGUN]
    found = dict(zip(texts, chat.page.evaluate(TOKENS, texts), strict=True))
    assert found == {**BEGUN, **dict.fromkeys(NOT_BEGUN)}


def test_keys_of_an_input_method_are_left_to_it(chat: Chat) -> None:
    chat.composer.press_sequentially("@be")
    expect(chosen(chat.page)).to_have_count(1)
    for key in ("Enter", "Tab", "ArrowDown", "Escape"):
        assert chat.composer.evaluate(PRESSED, [key, 229, True]), key
        expect(chat.composer).to_have_value("@be")
        expect(chosen(chat.page)).to_have_count(1)


def test_on_a_phone_a_tap_chooses_and_enter_begins_a_line(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada, phone=True)).open(room)
    chat.composer.press_sequentially("@be")
    option = options(chat.page)
    expect(option).to_be_in_viewport(ratio=1)
    assert option.evaluate("option => option.offsetHeight") >= 44
    expect(chosen(chat.page)).to_have_count(0)
    option.tap()
    expect(chat.composer).to_have_value("@ben ")
    expect(chat.composer).to_be_focused()
    chat.composer.press_sequentially("@be")
    expect(option).to_be_visible()
    chat.page.keyboard.press("Enter")
    expect(chat.composer).to_have_value("@ben @be\n")
