"""How the quick switcher is opened and closed, and its page without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat, address_of
from e2e.inbox.switching import dialog_of, open_switcher, options
from messaging.models import Conversation, User

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_button_opens_it_and_a_tap_follows(
    open_page: OpenPage, ada: User, room: Conversation, quay: Conversation, phone: bool
) -> None:
    page = open_page(ada, phone=phone)
    for path in ("/", address_of(room)):
        page.goto(path)
        page.get_by_role("link", name="Go to…").locator("visible=true").click()
        field = dialog_of(page).get_by_role("combobox")
        expect(field).to_be_focused()
        field.fill("quay")
        expect(options(page)).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults_of(page) == []
        options(page).click()
        page.wait_for_url(address_of(quay))
    page.get_by_role("link", name="Go to…").locator("visible=true").click()
    dialog_of(page).get_by_role("button", name="Close").click()
    expect(dialog_of(page)).to_be_hidden()


def test_a_click_beside_it_closes_it(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = Chat(open_page(ada)).open(room).page
    open_switcher(page)
    page.mouse.click(5, 5)
    expect(dialog_of(page)).to_be_hidden()
    expect(page).to_have_url(address_of(room))


def test_keys_with_other_meanings_do_not_open_it(open_page: OpenPage, ada: User, room: Conversation) -> None:
    chat = Chat(open_page(ada)).open(room)
    chat.composer.focus()
    for keys in ("k", "Shift+K", "Alt+k", "Control+Shift+k", "Control+j"):
        chat.page.keyboard.press(keys)
    expect(dialog_of(chat.page)).to_be_hidden()
    expect(chat.composer).to_have_value("kK")


def test_from_right_to_left_it_is_mirrored(open_page: OpenPage, ada: User, room: Conversation) -> None:
    page = Chat(open_page(ada)).open(room).page
    page.evaluate("document.documentElement.dir = 'rtl'")
    open_switcher(page)
    option = options(page).first
    box = option.bounding_box()
    icon = option.locator(":first-child").first.bounding_box()
    assert box
    assert icon
    assert icon["x"] > box["x"] + box["width"] / 2
    assert faults_of(page) == []


def test_without_script_the_link_leads_to_a_page_with_the_same_list(
    open_page: OpenPage, ada: User, room: Conversation, quay: Conversation
) -> None:
    page = open_page(ada, script=False)
    page.goto(address_of(room))
    page.get_by_role("link", name="Go to…").locator("visible=true").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Go to")
    expect(page.get_by_role("link", name="Members of this room")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("quay")
    page.keyboard.press("Enter")
    expect(page.locator(".going")).to_have_count(1)
    page.locator(".going").click()
    expect(page).to_have_url(address_of(quay))
