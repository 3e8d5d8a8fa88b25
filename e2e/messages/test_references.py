"""Links to messages as cards: loaded, live, after changes, by keyboard; and nothing moves."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.browser_state import answered
from e2e.chat import Chat, address_of
from e2e.freshness import expect_as_fresh
from e2e.late.holding import hold
from e2e.layout_shift import load_slowly
from e2e.scroll_shift import scroll_to_end
from messaging.models import Conversation, Message, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from tests.factories import RoomFactory

OpenPage = Callable[..., Page]


@pytest.fixture
def vault(ada: User) -> Conversation:
    """A private room of Ada alone."""
    return RoomFactory.create(name="Vault", by=ada, is_private=True)


def link_to(server: str, message: Message) -> str:
    return f"{server}/messages/{message.pk}/"


def test_a_card_comes_live_to_who_may_read_it_and_follows_the_message(
    open_page: OpenPage, server: str, ada: User, ben: User, room: Conversation, vault: Conversation
) -> None:
    gold, here = post(vault, ada, "Gold below"), post(room, ben, "Low water at four")
    Message.unread_messages.mark_as_read_for_user(ada)
    hers, his = (Chat(open_page(user)).listen(address_of(room)) for user in (ada, ben))
    linking = post(room, ada, f"{link_to(server, here)} is above {link_to(server, gold)}")
    post(room, ada, link_to(server, gold))
    cards, only = hers.row(linking).locator(".reference-text"), his.row(linking).locator(".reference-text")
    expect(cards).to_have_text(["Low water at four", "Gold below"])
    expect(only).to_have_text(["Low water at four"])
    expect(hers.row(linking).locator(".reference-link").last).to_have_attribute("tabindex", "-1")
    expect(hers.timeline.get_by_role("link", name=link_to(server, gold))).to_have_count(1)  # the card says it
    expect(his.timeline.get_by_role("link", name=link_to(server, gold))).to_have_count(2)
    asked: list[str] = []
    hers.page.on("request", lambda request: asked.append(request.url))
    link = hers.row(linking).get_by_role("link", name="Go to message").first
    link.focus()
    react(linking, ben, "🎉")
    expect(hers.row(linking).locator(".reaction[data-by]")).to_be_visible()
    expect(cards).to_have_text(["Low water at four", "Gold below"])
    assert not [address for address in asked if "/references/" in address]  # the page has them still
    expect(link).to_be_focused()
    here.edit("Low water at five", by=ben)
    for texts in (cards, only):
        expect(texts.first).to_have_text("Low water at five")
    expect(link).to_be_focused()
    here.remove(by=ben)
    expect(cards).to_have_text(["Gold below"])
    expect(only).to_have_count(0)
    expect(hers.row(linking).locator(".message")).to_be_focused()
    for chat in (hers, his):
        chat.page.evaluate("document.activeElement.blur()")
        expect_as_fresh(chat)
    card = hers.row(linking).get_by_role("link", name="Go to message")
    card.focus()
    hers.page.keyboard.press("Enter")
    hers.page.wait_for_url(re.compile(address_of(vault)))
    expect(hers.row(gold)).to_contain_text("Gold below")


def test_a_late_answer_brings_no_card_back_and_a_lost_one_is_asked_for_again(
    open_page: OpenPage, server: str, ada: User, ben: User, room: Conversation
) -> None:
    here = post(room, ben, "Low water at four")
    linking = post(room, ada, link_to(server, here))
    chat = Chat(open_page(ada)).listen(address_of(room))
    cards = chat.row(linking).locator(".reference-text")
    expect(cards).to_have_text(["Low water at four"])
    chat.page.route("**/references/*", lambda route: route.abort(), times=1)
    with chat.page.expect_event("requestfailed", lambda request: "/references/" in request.url):
        here.edit("Low water at five", by=ben)
    post(room, ben, "After it")
    expect(cards).to_have_text(["Low water at five"])
    with hold(chat.page, "/references/*") as held:
        here.edit("Low water at six", by=ben)
        held.wait()
        here.remove(by=ben)
        expect(cards).to_have_count(0)
    answered(chat.page)
    expect(cards).to_have_count(0)


def test_nothing_moves_when_a_page_of_cards_loads_or_is_scrolled(
    open_page: OpenPage, server: str, ada: User, room: Conversation, vault: Conversation
) -> None:
    for number in range(120):
        target = post(vault, ada, f"Wave {number} " * (1 + number % 40))
        post(room, ada, f"See {link_to(server, target)}" if number % 3 else link_to(server, target))
    page = open_page(ada)
    page.route("**/live/*", lambda route: None)  # an error would show a line above the page
    shift = load_slowly(page, address_of(room))
    assert shift["sum"] < 0.005, shift
    assert page.locator(".reference").count() >= 40
    assert max(step["shift"] for step in scroll_to_end(page, -300)) <= 1
    expect(page.locator(".reference")).to_have_count(120)


def test_a_card_needs_no_script(
    open_page: OpenPage, server: str, ada: User, ben: User, room: Conversation, vault: Conversation
) -> None:
    gold = post(vault, ada, "Gold below")
    linking = post(room, ada, link_to(server, gold))
    hers, his = (Chat(open_page(user, script=False)).open(room) for user in (ada, ben))
    expect(his.row(linking).get_by_role("link", name=link_to(server, gold))).to_be_visible()
    expect(his.row(linking).locator(".reference")).to_have_count(0)
    hers.row(linking).locator(".reference").click()
    expect(hers.title).to_contain_text("Vault")
