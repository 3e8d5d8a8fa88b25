"""Spoilers in the browser: with the mouse, by keyboard and without script; what others are told of them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.accessibility import faults_of
from e2e.chat import Chat, address_of
from messaging.models import Conversation, User
from messaging.models.messages.saving import post


def test_a_spoiler_is_hidden_until_it_is_opened(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    secret = post(room, ben, "It was ||Ada, [in the fog](https://example.com)||")
    chat = Chat(open_page(ada, script=script)).open(room)
    row = chat.row(secret)
    hidden, box = row.get_by_text("Ada, "), row.get_by_role("checkbox", name="Spoiler")
    expect(hidden).to_be_hidden()
    expect(row.get_by_role("link", name="in the fog")).to_have_count(0)
    assert not script or faults_of(chat.page) == []
    row.locator(".spoiler").click()
    expect(hidden).to_be_visible()
    box.focus()
    chat.page.keyboard.press("Space")
    expect(hidden).to_be_hidden()
    chat.page.keyboard.press("Space")
    expect(row.get_by_role("link", name="in the fog")).to_be_visible()
    if not script:
        return
    version = row.locator(".message").get_attribute("data-version")
    post(room, ada, "Oh", parent=secret)
    expect(row.locator(".message")).not_to_have_attribute("data-version", version or "")
    expect(hidden).to_be_visible()


def test_neither_a_screen_reader_nor_an_excerpt_tells_it(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(room))
    secret = post(room, ben, "It was ||the walrus||, I think")
    expect(chat.page.locator("#arrivals")).to_have_text("Ben Okri: It was Spoiler, I think")
    for address in (f"/messages/{secret.pk}/reply/", "/search/?q=think", "/inbox/"):
        chat.page.goto(address)
        expect(chat.page.locator("#main")).to_contain_text("think")
        expect(chat.page.get_by_text("walrus").filter(visible=True)).to_have_count(0)
