"""Searching in the browser, with script and without."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.settings import rename


def test_a_message_is_searched_for_opened_in_its_place_and_the_results_are_found_again(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    root = post(room, ada, "When is high water?")
    wanted = post(room, ben, "At nine, says the harbour master", parent=root)
    for number in range(30):
        post(room, ben, f"Wave {number}")
    page = Chat(open_page(ada, script=script)).open(room).page
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.get_by_role("heading", name="What you can search for")).to_be_visible()
    field = page.get_by_label("Search messages")
    field.fill("from:ben harbour mas")
    if not script:
        field.press("Enter")
    found = page.locator("#results .line")
    expect(found).to_have_count(1)
    expect(found.locator("mark")).to_have_text(["harbour", "mas"])
    expect(found.locator(".line-parent")).to_have_text("When is high water?")
    expect(page).to_have_url(re.compile("q=from"))
    address = page.url
    found.click()
    expect(page.locator(f"#t-{wanted.pk}")).to_be_in_viewport()
    page.go_back()
    expect(page).to_have_url(address)
    expect(found).to_have_count(1)
    expect(field).to_have_value("from:ben harbour mas")


def test_results_follow_what_is_typed_and_the_focus_stays(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "high water")
    post(room, ben, "high tide")
    page = open_page(ada)
    page.goto("/search/")
    field = page.get_by_label("Search messages")
    expect(field).to_be_focused()
    field.press_sequentially("high")
    expect(page.locator("#results .line")).to_have_count(2)
    field.press_sequentially(" wat")
    expect(page.locator("#results .line")).to_have_count(1)
    expect(field).to_be_focused()
    expect(field).to_have_value("high wat")
    assert faults_of(page) == []
    field.fill("nothing like it")
    expect(page.get_by_role("heading", name="No message found")).to_be_visible()
    field.fill("")
    expect(page.get_by_role("heading", name="What you can search for")).to_be_visible()


def test_older_results_are_a_page_of_their_own(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    for number in range(25):
        post(room, ben, f"wave {number}")
    page = open_page(ada, script=script)
    page.goto("/search/?q=wave")
    expect(page.locator("#results .line")).to_have_count(20)
    page.get_by_role("link", name="Older results").click()
    expect(page.locator("#results .line")).to_have_count(5)
    assert Message.objects.count() == 25


def test_filters_are_chosen_by_keys_while_one_types(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "high water")
    post(room, ada, "high tide")
    chat = Chat(open_page(ada)).listen("/search/")
    page = chat.page
    field = page.get_by_role("combobox", name="Search messages")
    options = page.get_by_role("listbox", name="Filters").get_by_role("option")
    field.press_sequentially("high ben")
    expect(options).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "true")
    assert faults_of(page) == []
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("id")
    rename(room, "haven", "", by=ada)
    expect(chat.place("haven")).to_be_visible()  # what comes meanwhile changes nothing here
    expect(field).to_have_attribute("aria-activedescendant", chosen or "")
    field.press("Escape")
    expect(options).to_have_count(0)
    rename(room, "harbour", "", by=ada)
    expect(chat.place("harbour")).to_be_visible()
    expect(options).to_have_count(0)
    expect(field).to_have_value("high ben")
    field.press("Backspace")
    field.press("n")
    expect(options).to_have_count(1)
    field.press("ArrowUp")
    field.press("Enter")
    expect(field).to_have_value("high from:@ben ")
    expect(field).to_be_focused()
    expect(page.locator("#results .line")).to_have_count(1)
    field.press("ArrowDown")  # no filter is offered now
    expect(page.locator("#results .line")).to_be_focused()


def test_filters_are_chosen_by_touch_and_without_script(
    open_page: Callable[..., Page], ada: User, ben: User, script: bool
) -> None:
    page = open_page(ada, script=script, phone=True)
    page.goto("/search/")
    field = page.locator("#search-words")
    field.press_sequentially("from:b")
    if not script:
        field.press("Enter")
    page.locator(".going", has_text="from:@ben").click()
    expect(field).to_have_value(re.compile("^from:@ben ?$"))
