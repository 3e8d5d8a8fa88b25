"""Branches of a thread: long ones are folded at first, and what one wrote or opened stays open."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.browser_state import answered
from e2e.chat import Chat, address_of
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.growing import chain


@pytest.fixture
def levels(room: Conversation, ben: User) -> list[Message]:
    """A root and three replies, each of which replies to the one before."""
    return chain(post(room, ben, "Level 0"), ben, 3)


def open_thread(chat: Chat, root: Message, place: str) -> Chat:
    """Open a thread and its stream: beside the timeline, or on a page of its own."""
    if place == "page":
        return chat.listen(reverse("thread", args=[root.pk]))
    chat.listen(address_of(root.conversation))
    chat.row(root).locator(".summary").click()
    expect(chat.answer(root)).to_be_visible()
    return chat


def reply(chat: Chat, to: Message, text: str) -> None:
    form = chat.form(chat.answer(to), "Reply")
    form.text.fill(text)
    form.text.press("Enter")
    expect(form.form).to_have_count(0)  # the stream may show the reply before


@pytest.mark.parametrize("place", ["panel", "page"])
def test_own_deep_replies_stay_open_when_they_make_a_branch_long(
    open_page: Callable[..., Page], ada: User, ben: User, levels: list[Message], place: str
) -> None:
    chat = open_thread(Chat(open_page(ada)), levels[0], place)
    for number in range(4):
        reply(chat, levels[3], f"Mine {number}")
        expect(chat.row_with(f"Mine {number}")).to_be_in_viewport()
    expect(chat.page.get_by_role("button", name="more replies")).to_have_count(0)
    post(levels[0].conversation, ben, "Somebody else's", parent=levels[3])
    expect(chat.row_with("Somebody else's")).to_be_visible()
    for number in range(4):
        expect(chat.row_with(f"Mine {number}")).to_be_visible()


def test_a_branch_that_others_make_long_while_it_is_read_stays_open(
    open_page: Callable[..., Page], ada: User, ben: User, levels: list[Message]
) -> None:
    chat = open_thread(Chat(open_page(ada)), levels[0], "panel")
    for number in range(4):
        post(levels[0].conversation, ben, f"More {number}", parent=levels[3])
        expect(chat.row_with(f"More {number}")).to_be_visible()
    expect(chat.row_with("More 0")).to_be_visible()
    chat.panel.get_by_role("link", name="Close the thread").click()
    chat.row(levels[0]).locator(".summary").click()
    expect(chat.row_with("More 3")).to_be_visible()


def test_a_reply_to_a_folded_branch_opens_it_and_others_do_not(
    open_page: Callable[..., Page], ada: User, ben: User, levels: list[Message]
) -> None:
    inside = chain(levels[3], ben, 3)
    chat = open_thread(Chat(open_page(ada)), levels[0], "panel")
    expect(chat.answer(inside[1])).to_be_hidden()
    post(levels[0].conversation, ben, "Somebody else's", parent=levels[3])
    expect(chat.page.get_by_role("button", name="4 more replies")).to_be_visible()
    expect(chat.row_with("Somebody else's")).to_be_hidden()
    reply(chat, levels[3], "Mine")
    expect(chat.row_with("Mine")).to_be_in_viewport()
    expect(chat.answer(inside[1])).to_be_visible()
    chat.answer(levels[1]).locator(".fold").click()
    expect(chat.row_with("Mine")).to_be_hidden()
    reply(chat, levels[1], "Mine too")
    expect(chat.row_with("Mine too")).to_be_in_viewport()


def test_what_one_opened_and_wrote_is_open_after_a_reset_and_a_reload(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, levels: list[Message]
) -> None:
    inside = chain(levels[3], ben, 3)
    other = chain(post(room, ben, "Another root"), ben, 3)
    chat = open_thread(Chat(open_page(ada)), levels[0], "panel")
    chat.page.get_by_role("button", name="3 more replies").click()
    expect(chat.answer(inside[1])).to_be_visible()
    ben.display_name = "Benedict"
    ben.save()
    for column in (chat.panel, chat.timeline):
        expect(column.locator(".name").first).to_have_text("Benedict")
    answered(chat.page)
    expect(chat.answer(inside[1])).to_be_visible()
    chat.row(other[0]).locator(".summary").click()
    for number in range(3):
        reply(chat, other[3], f"Mine {number}")
        expect(chat.row_with(f"Mine {number}")).to_be_visible()
    open_thread(chat, levels[0], "page")
    expect(chat.answer(inside[1])).to_be_visible()
    open_thread(chat, other[0], "page")
    expect(chat.row_with("Mine 0")).to_be_visible()


def test_a_link_opens_the_branch_that_it_leads_to_for_good(
    open_page: Callable[..., Page], ada: User, ben: User, levels: list[Message]
) -> None:
    inside = chain(levels[3], ben, 3)
    chat = open_thread(Chat(open_page(ada)), levels[0], "page")
    expect(chat.answer(inside[1])).to_be_hidden()
    chat.page.evaluate("hash => { location.hash = hash }", f"#t-{inside[2].pk}")
    expect(chat.answer(inside[2])).to_be_in_viewport()
    chat.page.evaluate("location.hash = '#main'")
    post(levels[0].conversation, ben, "Somebody else's", parent=levels[3])
    expect(chat.row_with("Somebody else's")).to_be_visible()
    expect(chat.answer(inside[2])).to_be_visible()


def test_own_replies_from_another_tab_arrive_open(
    open_page: Callable[..., Page], ada: User, ben: User, levels: list[Message]
) -> None:
    chain(levels[3], ben, 3)
    chat = open_thread(Chat(open_page(ada)), levels[0], "panel")
    post(levels[0].conversation, ada, "From my phone", parent=levels[3])
    expect(chat.row_with("From my phone")).to_be_visible()
