"""Sending later: from the menu beside Send, at any time by a page, and without script."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.browser_state import notices_stay
from e2e.chat import Chat, delayed
from e2e.late.holding import hold
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import send_scheduled

OpenPage = Callable[..., Page]


@pytest.fixture
def chat(open_page: OpenPage, ada: User, room: Conversation) -> Chat:
    return Chat(notices_stay(open_page(ada))).listen(reverse("conversation", args=[room.pk]))


def choose(chat: Chat, name: str) -> None:
    chat.page.wait_for_load_state()  # what it shows may be the server's; from here on its script is at work
    chat.page.locator(".writing").get_by_role("button", name="Schedule").click()
    chat.page.get_by_role("button", name=name).click()


def test_a_text_goes_from_the_composer_and_comes_when_it_is_sent(
    chat: Chat, ada: User, room: Conversation
) -> None:
    page = chat.page
    chat.composer.fill("The tide turns")
    with page.expect_response("**/schedule/"):
        page.route("**/schedule/", lambda route: route.abort(), times=1)
        choose(chat, "Tomorrow at 9:00")
        expect(page.locator(".notice")).to_be_visible()
        expect(chat.composer).to_have_value("The tide turns")  # nothing is lost
        with delayed(page, "/schedule/"):
            choose(chat, "Tomorrow at 9:00")
            chat.composer.press_sequentially("Low water")
    expect(page.get_by_text("Your message will be sent on")).to_be_visible()
    expect(chat.composer).to_have_value("Low water")
    expect(chat.composer).to_be_focused()
    here = page.get_by_role("link", name="1 message scheduled here")
    expect(here).to_be_visible()
    page.reload()
    page.wait_for_load_state()
    expect(chat.composer).to_have_value("Low water")  # the draft is what was not sent
    assert not Message.rows.exists()
    send_scheduled(ada.scheduled.get().pk, is_now=True)
    expect(chat.timeline.get_by_text("The tide turns")).to_be_visible()
    expect(here).to_have_count(0)


def test_the_answer_to_one_text_takes_no_other_one_out_of_the_field(chat: Chat, ada: User) -> None:
    page = chat.page
    page.route("**/schedule/", lambda route: route.abort())
    with hold(page, "/schedule/", "POST") as held:
        chat.composer.fill("The tide turns")
        choose(chat, "Tomorrow at 9:00")
        held.wait()
        chat.composer.fill("Low water")
        choose(chat, "Tomorrow at 9:00")
    expect(page.get_by_role("link", name="1 message scheduled here")).to_be_visible()
    expect(page.locator(".notices")).to_contain_text("The server cannot be reached.")
    expect(chat.composer).to_have_value("Low water")
    page.reload()
    page.wait_for_load_state()
    expect(chat.composer).to_have_value("Low water")
    assert ada.scheduled.get().text == "The tide turns"


def test_any_time_is_entered_on_a_page_of_its_own_and_the_draft_stays_until_then(
    chat: Chat, ada: User, room: Conversation
) -> None:
    page = chat.page
    chat.composer.fill("The tide turns")
    choose(chat, "At another time")
    expect(page.get_by_role("heading", level=1)).to_have_text("Send later")
    expect(page.get_by_label("Message", exact=True)).to_have_value("The tide turns")
    page.get_by_role("link", name="Back", exact=True).click()
    expect(chat.composer).to_have_value("The tide turns")
    choose(chat, "At another time")
    page.get_by_label("Date and time").fill("2020-01-01T09:00")
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_text("This time is in the past")).to_be_visible()
    page.wait_for_load_state()  # a text that is sent without script is in no tab
    page.get_by_label("Message", exact=True).fill("The tide turns twice")
    page.route("**/schedule/", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="In an hour").click()
    page.wait_for_url(lambda url: url.startswith("chrome-error:"), wait_until="commit")
    page.goto(reverse("conversation", args=[room.pk]))
    expect(chat.composer).to_have_value("The tide turns twice")
    choose(chat, "At another time")
    page.get_by_role("button", name="In an hour").click()
    expect(page.get_by_role("link", name="1 message scheduled here")).to_be_visible()
    page.wait_for_load_state()
    expect(chat.composer).to_have_value("")
    page.reload()
    page.wait_for_load_state()
    expect(chat.composer).to_have_value("")
    assert ada.scheduled.get().text == "The tide turns twice"
    assert not Message.rows.exists()  # nothing else sent it either


def test_the_menu_of_a_thread_beside_the_timeline_opens_when_it_is_asked_for(
    chat: Chat, ada: User, room: Conversation
) -> None:
    root = post(room, ada, "Root")
    chat.row(root).locator(".moment").wait_for()
    chat.page.evaluate(f"htmx.ajax('GET', '/messages/{root.pk}/thread/', {{ target: '#panel' }})")
    menu = chat.panel.get_by_role("group", name="Schedule")
    expect(chat.panel.get_by_role("button", name="Schedule")).to_be_visible()
    expect(menu).to_be_hidden()
    chat.panel.get_by_label("Message", exact=True).fill("In the thread")
    chat.panel.get_by_role("button", name="Schedule").click()
    menu.get_by_role("button", name="In an hour").click()
    expect(chat.page.get_by_role("link", name="1 message scheduled here")).to_be_visible()
    assert ada.scheduled.get().reply_to == root.pk


def test_without_script_the_menu_schedules_a_reply(
    open_page: OpenPage, ada: User, room: Conversation
) -> None:
    root = post(room, ada, "Root")
    page = open_page(ada, script=False)
    page.goto(reverse("thread", args=[root.pk]))
    page.get_by_label("Message", exact=True).fill("Later, then")
    page.get_by_role("button", name="Schedule").click()
    page.get_by_role("button", name="In an hour").click()
    expect(page.get_by_text("Your message will be sent on")).to_be_visible()
    assert ada.scheduled.get().reply_to == root.pk
