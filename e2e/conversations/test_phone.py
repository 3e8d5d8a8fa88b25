"""On a phone: one column at a time, and nothing wider than the screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.chat import Chat
from e2e.pages import paths
from messaging.models import Conversation, User
from messaging.models.messages.saving import post

# Letters may reach a little over their line; a second line of 25 px may not be missing.
FITS = "part => part.scrollWidth <= part.clientWidth && part.scrollHeight <= part.clientHeight + 5"
PAGE_WIDTH = "document.documentElement.scrollWidth"
# In one step, since the page replaces some of them when it refreshes itself.
OUTSIDE = """() => [...document.querySelectorAll(".bar :is(a, button)")]
  .filter((control) => control.checkVisibility() && (
    control.getBoundingClientRect().left < 0 || control.getBoundingClientRect().right > innerWidth))
  .map((control) => control.outerHTML)"""


def expect_within(page: Page, part: Locator) -> None:
    box, size = part.bounding_box(), page.viewport_size
    assert box
    assert size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]


def test_from_the_list_to_a_thread_and_back(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    question = post(room, ben, "Who has the key?")
    answer = post(room, ada, "I have", parent=question)
    page = open_page(ada, script=script, phone=True)
    page.goto("/")
    chat = Chat(page)
    expect(chat.badge("harbour")).to_have_text("1 unread")
    chat.place("harbour").tap()
    expect(chat.title).to_have_text("# harbour")
    expect(chat.place("harbour")).to_be_hidden()
    chat.row(question).locator(".summary").tap()
    expect(page).to_have_url(f"/messages/{question.pk}/thread/")
    expect(chat.answer(answer)).to_be_in_viewport()
    expect(chat.panel).to_be_hidden()
    page.get_by_role("link", name="Back to the message").tap()
    expect(chat.row(question)).to_be_in_viewport()
    page.get_by_role("link", name="All conversations").tap()
    expect(chat.place("harbour")).to_be_visible()
    expect(chat.composer).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/rooms/", "/conversations/{room}/", "/messages/{message}/thread/"])
def test_nothing_is_wider_than_the_screen(
    open_page: Callable[..., Page], ada: User, room: Conversation, path: str
) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 4
    ada.display_name = long[:80]
    ada.save()
    wide = Conversation.objects.create_room(long[:80], by=ada, topic=long)
    message = post(
        wide, ada, f"{long} https://example.org/{long}\n\n```\n{long}\n```\n\n|a|b|\n|-|-|\n|{long}|{long}|"
    )
    for _ in range(8):
        message = post(wide, ada, long, parent=message)
    page = open_page(ada, phone=True)
    page.goto(path.format(room=wide.pk, message=message.thread_root_id))
    assert page.viewport_size
    assert page.evaluate(PAGE_WIDTH) == page.viewport_size["width"]


def test_the_menu_and_the_history_fit_and_enter_begins_a_line(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    message = post(room, ada, "High water at nine, low water at three, and the ferry at half past")
    message.edit("High water at ten, low water at four, and the ferry at half past", by=ada)
    page = open_page(ada, phone=True)
    chat = Chat(page).open(room)
    chat.row(message).get_by_role("link", name="edited").tap()
    expect(page.locator(".history .revision")).to_have_count(2)
    expect_within(page, page.locator(".history"))
    page.keyboard.press("Escape")
    chat.row(message).get_by_title("More").tap()
    menu = chat.row(message).locator(".menu")
    expect(menu).to_be_visible()
    expect_within(page, menu)
    menu.get_by_role("link", name="Edit").tap()
    field = chat.row(message).get_by_label("Message")
    field.fill("High water")
    field.press("Enter")
    field.press_sequentially("at ten")
    expect(field).to_have_value("High water\nat ten")
    chat.row(message).get_by_role("button", name="Save").tap()
    expect(chat.row(message).locator(".prose")).to_contain_text("at ten")


def test_the_title_of_each_page_can_be_read_beside_its_buttons(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    message = post(room, ada, "High water at nine")
    message.edit("High water at ten", by=ada)
    for number in range(12):
        post(room, ben, f"Wave {number}", parent=message)
        post(room, ben, f"@ada {number}")
    page = open_page(ada, phone=True)
    for path in paths(room, ben, message).values():
        page.goto(path)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate(PAGE_WIDTH) == width, path
            title = page.locator(".bar h1")
            if title.count():
                assert title.evaluate(FITS), f"{path} at {width} px: {title.inner_text()}"
                assert page.evaluate(OUTSIDE) == [], f"{path} at {width} px"
