"""Reacting: by a press, from the picker, by a key and by typing; what others see, and where the focus is.

With PARLEY_TEST_MORE=5 two people press the same reaction 500 times, otherwise 100 times.
"""

import random
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.browser_state import stop_clock
from e2e.chat import Chat
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Message, Reaction, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from tests.amounts import MORE
from tests.views.growing import add_members, react_in_bulk

OpenPage = Callable[..., Page]
# Presses as often as there are verbs, each when the answer to the one before is there.
PRESS_ALL = """async ([row, emoji, verbs]) => {
  for (const verb of verbs) await parley.react(document.querySelector(row), emoji, verb);
}"""


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    post(room, ben, "High water at nine")
    message = post(room, ben, "Low water at four")
    Message.unread_messages.mark_as_read_for_user(ada)
    return message


def chip(row: Locator, emoji: str) -> Locator:
    return row.locator(f'.reaction[href$="emoji={emoji}"]')


def test_a_press_joins_and_leaves_and_everybody_sees_it(
    open_page: OpenPage, ada: User, ben: User, room: Conversation, message: Message
) -> None:
    react(message, ben, "🎉")
    pages = [Chat(open_page(user)).listen(reverse("conversation", args=[room.pk])) for user in (ada, ben)]
    mine, bens = (chip(chat.row(message), "🎉") for chat in pages)
    expect(mine).to_have_accessible_name("tada, 1: Ben Okri")
    expect(bens).to_have_accessible_name("tada, 1: Ben Okri (you too)")
    asked: list[str] = []
    pages[0].page.on("request", lambda request: asked.append(request.url))
    mine.focus()
    expect(mine.locator(".reacted")).to_have_css("position", "fixed")  # who reacted is seen
    pages[0].page.keyboard.press("Enter")
    for one in (mine, bens):
        expect(one).to_have_accessible_name("tada, 2: Ben Okri and Ada Lovelace (you too)")
    # One's own mark is the stylesheet's.
    assert len({one.evaluate("e => getComputedStyle(e).borderColor") for one in (mine, bens)}) == 1
    expect(mine).to_be_focused()
    bens.click()
    expect(mine).to_have_accessible_name("tada, 1: Ada Lovelace (you too)")
    expect(mine).to_be_focused()  # also when the stream has replaced the message
    mine.click()
    expect(mine).to_have_count(0)
    assert not [url for url in asked if "/reactions/" in url]  # a press fetches no page ahead
    expect(pages[0].row(message).locator(":scope > .message")).to_be_focused()
    expect(bens).to_have_count(0)
    for chat in pages:
        chat.page.evaluate("document.activeElement.blur()")  # a message with the focus has a longer name
        expect_as_fresh(chat)


def test_two_people_with_several_tabs_toggle_the_same_reaction(
    open_page: OpenPage, ada: User, ben: User, room: Conversation, message: Message, settings: LazySettings
) -> None:
    settings.LIMITS = {**settings.LIMITS, "react": (10_000, 1_000)}
    chance = random.Random(7)
    address = reverse("conversation", args=[room.pk])
    tabs = [Chat(open_page(user)).listen(address) for user in (ada, ben, ada, ben)]
    last = []
    for chat in tabs:
        verbs = chance.choices(["react", "unreact"], k=25 * MORE)
        last.append(verbs[-1])
        chat.page.evaluate(
            f"args => {{ window.done = ({PRESS_ALL})(args).then(() => true) }}",
            [f"#m-{message.pk}", "🎉", verbs],
        )
    for chat in tabs:
        assert chat.page.evaluate("window.done")
    count = Reaction.objects.filter(message=message).count()
    assert count == Reaction.objects.filter(message=message).values("user").distinct().count()
    for chat in tabs:
        found = chip(chat.row(message), "🎉")
        if count:
            expect(found.locator("b")).to_have_text(str(count))
        else:
            expect(found).to_have_count(0)
        expect_as_fresh(chat)


def test_two_hundred_reactions_of_fifty_kinds_stay_in_the_column_of_a_phone(
    open_page: OpenPage, ada: User, room: Conversation, message: Message
) -> None:
    add_members(room, 2)
    react_in_bulk(message, 50)
    chat = Chat(open_page(ada, phone=True)).open(room)
    row = chat.row(message)
    chips = row.locator(".reaction:not(.add)")
    expect(chips).to_have_count(50)
    expect(chips.locator("b")).to_have_text(["4"] * 50)
    column = row.bounding_box()
    assert column
    for box in (chip.bounding_box() for chip in chips.all()):
        assert box
        assert column["x"] <= box["x"] <= box["x"] + box["width"] <= column["x"] + column["width"]
        assert column["y"] <= box["y"] <= box["y"] + box["height"] <= column["y"] + column["height"]
    assert column["height"] < 844  # all of it fits in the window


def test_an_emoji_is_found_with_the_keyboard_alone(
    open_page: OpenPage, ada: User, room: Conversation, message: Message
) -> None:
    page = open_page(ada)
    chat = Chat(page).without_reports().open(room)
    press = page.keyboard.press
    expect(chat.composer).to_be_focused()
    press("Escape")
    press("+")
    picker = page.locator(".emoji-picker[data-ready]")
    search = picker.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("thumbs")
    shown = picker.locator(".emoji:visible")
    expect(shown).to_have_count(2)
    picker.get_by_label("Skin tone").select_option("🏽")
    expect(shown.first).to_have_text("👍🏽")
    search.focus()
    press("ArrowDown")
    press("ArrowRight")
    expect(shown.last).to_be_focused()
    press("ArrowUp")
    expect(search).to_be_focused()
    press("Enter")
    row = chat.row(message)
    expect(chip(row, "👍").locator("b")).to_have_text("1")
    expect(chip(row, "👍")).to_contain_text("👍🏽")
    expect(row.locator(":scope > .message")).to_be_focused()
    expect(picker).to_have_count(0)
    press("+")
    expect(search).to_be_focused()
    expect(picker.get_by_label("Skin tone")).to_have_value("🏽")  # this browser remembers it
    press("ArrowDown")
    expect(picker.locator(".emoji").first).to_be_focused()  # what was used last
    expect(picker.locator(".emoji").first).to_have_text("👍🏽")
    page.keyboard.type("x")  # a key of the picker is no key of the page
    press("Escape")
    expect(row.locator(":scope > .message")).to_be_focused()


def test_a_reaction_is_typed_told_and_undone(
    open_page: OpenPage, ada: User, room: Conversation, message: Message
) -> None:
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).listen(reverse("conversation", args=[room.pk]))
    stop_clock(page)  # the notices stay until they were looked at
    chat.composer.press_sequentially("+:nothing:")
    page.keyboard.press("Enter")
    notices = page.locator(".notices")
    expect(notices).to_contain_text("no such emoji")
    expect(chat.composer).to_have_value("+:nothing:")
    chat.composer.fill("+:tada:")
    page.keyboard.press("Enter")
    expect(notices).to_contain_text("You reacted to the message of Ben Okri with 🎉")
    expect(chip(chat.row(message), "🎉").locator("b")).to_have_text("1")
    expect(chat.composer).to_have_value("")
    notices.get_by_role("button", name="Undo").click()
    expect(chip(chat.row(message), "🎉")).to_have_count(0)
    expect(chat.composer).to_be_focused()
    form = chat.form(chat.timeline.locator(".row").first, "Reply")  # to the older one
    form.text.fill("+🎉")
    page.keyboard.press("Enter")
    expect(chip(chat.timeline.locator(".row").first, "🎉").locator("b")).to_have_text("1")
    expect(form.form).to_have_count(0)
    assert Message.rows.count() == 2


def test_without_script_there_is_a_page(
    open_page: OpenPage, ada: User, ben: User, room: Conversation, message: Message
) -> None:
    react(message, ben, "🎉")
    page = open_page(ada, script=False)
    chat = Chat(page).open(room)
    chip(chat.row(message), "🎉").click()
    page.get_by_role("button", name="React with 🎉").click()
    expect(chip(chat.row(message), "🎉").locator("b")).to_have_text("2")
    chat.row(message).locator(".reactions .add").click()
    page.get_by_role("searchbox").fill("rocket")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="rocket").click()
    expect(chip(chat.row(message), "🚀").locator("b")).to_have_text("1")
    chip(chat.row(message), "🎉").click()
    page.get_by_role("button", name="Take 🎉 back").click()
    expect(chip(chat.row(message), "🎉").locator("b")).to_have_text("1")
