"""Messages become read when they are seen, and only then; every unread count on the page follows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.browser_state import answered, pass_time, stop_clock, unfocus, until
from e2e.chat import Chat, delayed
from e2e.inbox.unread_rows import new_line, unread, waves
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


def test_what_is_seen_is_read_and_the_line_stays(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ada, "My own")
    post(room, ben, "The ferry is late")
    chat = Chat(open_page(ada))
    with delayed(chat.page, "/seen/"):  # it counts as seen a second later
        chat.open(room)
        expect(chat.page).to_have_title("(1) harbour · Parley")
    expect(chat.page).to_have_title("harbour · Parley")
    expect(chat.badge("harbour")).to_be_hidden()
    expect(chat.page.locator("#badge-inbox")).to_be_hidden()
    expect(chat.page.get_by_role("button", name="Mark as read")).to_have_count(0)
    assert new_line(chat) == "The ferry is late"
    assert unread(ada) == 0
    chat.page.reload()
    expect(chat.row_with("The ferry is late")).to_be_visible()
    expect(chat.page.locator(".new-line")).to_have_count(0)


@pytest.mark.parametrize("why", ["plain", "unfocused"])
def test_what_nobody_looks_at_stays_unread(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, why: str
) -> None:
    post(room, ben, "The ferry is late")
    page = open_page(ada, script=why != "plain")
    unfocus(page)
    page.clock.install()
    chat = Chat(page).open(room)
    expect(chat.row_with("The ferry is late")).to_be_visible()
    if why != "plain":
        page.clock.run_for(20_000)
    answered(page)
    assert unread(ada) == 1
    expect(chat.badge("harbour")).to_have_text("1 unread")
    page.get_by_role("button", name="Mark as read").click()
    expect(chat.badge("harbour")).to_be_hidden()
    assert unread(ada) == 0


def test_the_page_opens_at_the_first_new_message_and_messages_further_down_stay_unread_until_seen(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    waves(room, ben, 5)
    Message.unread_messages.mark_as_read_for_user(ada)
    new = waves(room, ben, 30)
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).open(room)
    expect(chat.row(new[0])).to_be_in_viewport()
    expect(chat.row(new[-1])).not_to_be_in_viewport()
    expect(chat.badge("harbour")).not_to_have_text("30 unread")
    assert 0 < unread(ada) < 30
    last = Message.unread_messages.for_user(ada).filter(pk=new[-1].pk)
    page.route("**/seen/", lambda route: route.abort())
    chat.row(new[-1]).scroll_into_view_if_needed()
    expect(chat.row(new[-1])).to_be_in_viewport()
    page.clock.run_for(10_000)
    answered(page)
    assert last.exists()
    page.unroute("**/seen/")
    page.goto("/")  # what was not reported yet is reported when the page is left
    expect(page.get_by_role("heading", name="Choose")).to_be_visible()
    until(page, lambda: not last.exists())


def test_a_report_that_fails_is_sent_again_without_an_error_message(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "The ferry is late")
    page = open_page(ada)
    page.clock.install()
    failed: list[str] = []

    def refuse(route: Route) -> None:
        failed.append("once")
        route.abort()

    page.route("**/seen/", refuse)
    stop_clock(page)  # before the page opens: it tries again after 15 s
    chat = Chat(page).open(room)
    expect(chat.row_with("The ferry is late")).to_be_visible()
    # In small steps, because Chromium says only at its next frame what is on the screen.
    pass_time(page, lambda: failed, seconds=600, step=0.25)
    page.clock.run_for(2000)
    answered(page)
    assert failed == ["once"]
    page.unroute("**/seen/")
    page.clock.resume()
    page.clock.run_for(20_000)
    expect(chat.badge("harbour")).to_be_hidden()
    expect(page.locator(".notice")).to_have_count(0)


def test_badges_and_title_of_a_second_person_change_and_own_messages_are_not_counted(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    hers = Chat(open_page(ada, script=script)).open(room)
    his = Chat(open_page(ben, script=script))
    his.page.goto("/")
    hers.send("Is the light on?")
    expect(hers.row_with("Is the light on?")).to_be_visible()
    his.page.reload()
    expect(his.badge("harbour")).to_have_text("1 unread")
    expect(his.page).to_have_title("(1) Parley")
    his.place("harbour").click()
    expect(his.row_with("Is the light on?")).to_be_visible()
    if not script:
        his.page.get_by_role("button", name="Mark as read").click()
    expect(his.page).to_have_title("harbour · Parley")
    expect(his.badge("harbour")).to_be_hidden()
    hers.page.reload()
    expect(hers.page).to_have_title("harbour · Parley")
    expect(hers.badge("harbour")).to_be_hidden()


def test_the_first_unread_is_a_click_away_and_so_is_the_newest(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    waves(room, ben, 5)
    Message.unread_messages.mark_as_read_for_user(ada)
    new = waves(room, ben, 60)
    chat = Chat(open_page(ada, script=script)).without_reports().open(room)
    expect(chat.page.get_by_role("link", name="Newest")).to_have_count(0)
    chat.page.get_by_role("link", name="60 new messages").click()
    expect(chat.page).to_have_url(re.compile(rf"around={new[0].seq}#m-{new[0].pk}$"))
    expect(chat.row(new[0])).to_be_in_viewport()
    if script:
        assert new_line(chat) == "Wave 0"
    chat.page.get_by_role("link", name="Newest").click()
    expect(chat.row(new[-1])).to_be_in_viewport()


def test_without_script_a_link_leads_to_the_first_unread_of_the_page(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    message = post(room, ben, "The ferry is late")
    chat = Chat(open_page(ada, script=script)).without_reports().open(room)
    expect(chat.row(message)).to_be_visible()
    link = chat.page.get_by_role("link", name="jump to the first")
    expect(link).to_have_count(0 if script else 1)
