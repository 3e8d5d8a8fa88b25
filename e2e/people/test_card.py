"""The card of a person: at their name and picture, by press, pointer and keyboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from e2e.accessibility import faults_of
from e2e.browser_state import stop_clock
from e2e.chat import Chat, address_of, delayed
from messaging.models import Conversation, Message, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    User.objects.filter(pk=ben.pk).update(status="At sea", time_zone="Asia/Tokyo")
    post(room, ada, "Ship @ben?")
    return post(room, ben, "Ahoy")


def card(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Ben Okri", exact=True)


def name_at(chat: Chat, message: Message) -> Locator:
    return chat.row(message).locator(".byline").get_by_role("link", name="Ben Okri")


def expect_who(shown: Locator) -> None:
    for part in ("Ben Okri", "@ben · Member", "At sea", "Local time"):
        expect(shown).to_contain_text(part)


def test_pressed_it_shows_the_name_at_once_and_takes_the_focus(
    open_page: Callable[..., Page], ada: User, ben: User, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(message.conversation)
    with delayed(chat.page, reverse("person_card", args=[ben.pk])):
        name_at(chat, message).click()
        expect(card(chat.page)).to_have_text("BOBen Okri")
        expect(card(chat.page)).to_be_focused()
    expect_who(card(chat.page))
    expect(card(chat.page).get_by_role("button", name="Message")).to_be_focused()
    assert faults_of(chat.page) == []
    chat.page.keyboard.press("Escape")
    expect(card(chat.page)).to_be_hidden()
    expect(name_at(chat, message)).to_be_focused()
    chat.row(message).locator(".avatar-link").click()
    card(chat.page).get_by_role("link", name="Profile").click()
    expect(chat.page).to_have_url(reverse("person", args=[ben.pk]))


def test_it_keeps_the_focus_when_its_message_changes_and_leaves_it_to_one_that_is_removed(
    open_page: Callable[..., Page], ada: User, ben: User, message: Message
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(message.conversation))
    button = card(chat.page).get_by_role("button", name="Message")
    with delayed(chat.page, reverse("person_card", args=[ben.pk])):
        name_at(chat, message).focus()
        chat.page.keyboard.press("Enter")
        expect(card(chat.page)).to_be_focused()
        react(message, ben, "🎉")
        expect(chat.row(message).locator(".reaction[data-by]")).to_be_visible()
        expect(card(chat.page)).to_be_focused()
    expect(button).to_be_focused()
    react(message, ben, "🌊")
    expect(chat.row(message).locator(".reaction[data-by]")).to_have_count(2)
    expect(button).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(card(chat.page)).to_be_hidden()
    expect(name_at(chat, message)).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(button).to_be_focused()
    message.remove(by=ben)
    expect(card(chat.page)).to_be_hidden()
    expect(chat.timeline.locator(".message:focus")).to_be_attached()


def test_it_opens_at_the_pointer_and_at_the_focus_and_closes_when_they_leave(
    open_page: Callable[..., Page], ada: User, message: Message
) -> None:
    chat = Chat(open_page(ada)).open(message.conversation)
    chat.composer.focus()
    name_at(chat, message).hover()
    expect_who(card(chat.page))
    expect(chat.composer).to_be_focused()
    card(chat.page).hover()
    expect(card(chat.page)).to_be_visible()
    chat.title.hover()
    expect(card(chat.page)).to_be_hidden()
    chat.row(message).locator(".moment").focus()
    chat.page.keyboard.press("Shift+Tab")
    expect(name_at(chat, message)).to_be_focused()
    expect_who(card(chat.page))
    chat.page.keyboard.press("Escape")
    expect(card(chat.page)).to_be_hidden()
    expect(name_at(chat, message)).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(card(chat.page).get_by_role("button", name="Message")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.title).to_have_text("Ben Okri")


def test_it_does_not_open_at_a_name_that_comes_under_the_mouse(
    open_page: Callable[..., Page], ada: User, message: Message
) -> None:
    """As when a thread unfolds: what one wants to press next would be covered."""
    chat = Chat(open_page(ada)).listen(address_of(message.conversation))
    name = name_at(chat, message)
    chat.page.mouse.move(700, 200)
    name.evaluate("name => name.addEventListener('pointerover', () => name.dataset.over = '')")
    name.evaluate("name => Object.assign(name.style, { position: 'fixed', left: '690px', top: '190px' })")
    expect(chat.page.locator("[data-over]")).to_be_visible()
    chat.page.wait_for_timeout(800)  # twice as long as it takes to open
    expect(card(chat.page)).to_be_hidden()
    chat.page.mouse.move(701, 201)
    expect_who(card(chat.page))


def test_it_does_not_open_if_another_name_comes_under_the_mouse_first(
    open_page: Callable[..., Page], ada: User, message: Message
) -> None:
    """As when the list is scrolled with the wheel."""
    other = post(message.conversation, ada, "Another message")
    chat = Chat(open_page(ada)).listen(address_of(message.conversation))
    stop_clock(chat.page)
    name_at(chat, message).hover()
    name = chat.row(other).locator(".byline .name")
    name.evaluate("name => name.addEventListener('pointerover', () => name.dataset.over = '')")
    box = name_at(chat, message).bounding_box()
    assert box
    style = {"position": "fixed", "left": f"{box['x'] - 5}px", "top": f"{box['y'] - 5}px", "padding": "20px"}
    name.evaluate("(name, style) => Object.assign(name.style, { zIndex: 9, ...style })", style)
    expect(chat.page.locator("[data-over]")).to_be_visible()
    chat.page.clock.run_for(1000)
    expect(card(chat.page)).to_be_hidden()


def test_on_a_phone_it_opens_by_a_tap_and_at_a_mention(
    open_page: Callable[..., Page], ada: User, message: Message
) -> None:
    chat = Chat(open_page(ada, phone=True)).open(message.conversation)
    chat.timeline.get_by_role("link", name="@ben").tap()
    mention = chat.page.get_by_role("dialog", name="@ben")
    expect_who(mention)
    assert faults_of(chat.page) == []
    chat.title.tap()
    expect(mention).to_be_hidden()
    name_at(chat, message).tap()
    expect_who(card(chat.page))


def test_without_script_the_name_leads_to_the_page(
    open_page: Callable[..., Page], ada: User, ben: User, message: Message
) -> None:
    chat = Chat(open_page(ada, script=False)).open(message.conversation)
    name_at(chat, message).click()
    expect(chat.page).to_have_url(reverse("person", args=[ben.pk]))
