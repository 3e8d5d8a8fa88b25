"""The pages of a language that is written from the right, such as Arabic, are laid out from the right."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

# Before anything is drawn, as the server does it in such a language.
FROM_THE_RIGHT = """new MutationObserver(() => {
  if (document.documentElement) document.documentElement.dir = 'rtl'
}).observe(document, {childList: true})"""
TOO_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def left(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["x"]


def right(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["x"] + box["width"]


def scale(part: Locator) -> str:
    return str(part.evaluate("icon => getComputedStyle(icon).scale"))


def test_columns_menus_keys_and_icons_are_mirrored(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "- High water")
    post(room, ada, "At nine", parent=message)
    page = open_page(ada)
    page.add_init_script(FROM_THE_RIGHT)
    chat = Chat(page).open(room)
    row = chat.row(message)
    main, sidebar, panel = (page.locator(part) for part in ("#main", "#sidebar", "#panel"))
    assert left(sidebar) >= right(main)
    assert left(row.locator(".avatar-link")) > right(row.locator(".prose"))

    menu = chat.menu(row)
    assert left(menu) >= 0
    assert right(menu) <= 1440
    assert scale(menu.locator(".icon-reply")) == "-1 1"
    assert scale(menu.locator(".icon-later")) == "none"
    page.keyboard.press("Escape")

    # A username, whose letters go from the left, is cut at its end.
    page.goto("/conversations/new/")
    username = page.locator(".choice small > bdi").filter(has_text="@ben")
    username.evaluate("shown => { shown.style.width = '20px' }")
    assert username.evaluate("shown => getComputedStyle(shown).direction") == "ltr"
    assert username.evaluate("shown => shown.scrollWidth > 20")
    chat.open(room)

    page.get_by_role("button", name="Formatting").click()
    bold, italic = (page.get_by_role("button", name=name, exact=True) for name in ("Bold", "Italic"))
    bold.focus()
    page.keyboard.press("ArrowLeft")
    expect(italic).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(bold).to_be_focused()

    row.locator(".summary").click()
    expect(panel.get_by_text("At nine")).to_be_visible()
    assert right(panel) <= left(main) + 1
    before = right(panel) - left(panel)
    page.locator("#panel-edge").press("ArrowRight")
    assert right(panel) - left(panel) > before


def test_nothing_is_wider_than_a_phone(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "High water at nine, and `a_long_name_of_something_in_code()`")
    post(room, ada, "At ten", parent=message)
    page = open_page(ada, phone=True)
    page.add_init_script(FROM_THE_RIGHT)
    paths = [f"/conversations/{room.pk}/", f"/messages/{message.pk}/thread/", "/", "/inbox/", "/account/"]
    too_wide = []
    for path in [*paths, "/people/", "/search/?q=water"]:
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        if page.evaluate(TOO_WIDE):
            too_wide.append(path)
    assert too_wide == []
    page.goto(paths[0])
    page.locator("[popovertarget=conversation-menu]").tap()
    menu = page.locator("#conversation-menu")
    expect(menu).to_be_visible()
    assert left(menu) >= 0
    assert right(menu) <= 390


def test_times_have_the_digits_of_the_rest_of_the_page(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "High water")
    page = open_page(ada, locale="ar-EG")  # where browsers write other digits than the server
    row = Chat(page).open(room).row(message)
    expect(row.locator(".moment time")).to_have_text(re.compile(r"^[0-9]{1,2}:[0-9]{2}\s[صم]$"))
