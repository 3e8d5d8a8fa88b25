"""When the stream is interrupted, nothing is missed.

When the server ends it for good, the page shows why and does not reconnect.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.browser_state import StreamRequests, answered, cut, hide, pass_time, show, stop_clock, until
from e2e.chat import Chat, address_of, delayed
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Message, Session, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import rename


def test_two_bad_gateways_in_a_row_lose_nothing(
    open_page: Callable[..., Page], faults: list[str], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Before")
    chat = Chat(open_page(ada)).listen(address_of(room))
    stream = StreamRequests(chat.page)
    post(room, ben, "Applied")
    expect(chat.row_with("Applied")).to_be_visible()
    stream.answers = [502, 502]
    cut(chat.page)
    post(room, ben, "Missed")
    message.edit("Changed meanwhile")
    expect(chat.row_with("Missed")).to_be_visible()
    assert stream.asked == 3
    expect_as_fresh(chat)
    assert [fault[:3] for fault in faults] == ["502", "502"]
    faults.clear()


def test_a_room_that_was_renamed_while_there_was_no_stream_has_its_name_in_the_sidebar(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    other = Conversation.objects.create_room("lighthouse", by=ada)
    chat = Chat(open_page(ada)).listen(address_of(room))
    expect(chat.place("lighthouse")).to_be_visible()
    hide(chat.page)
    chat.page.wait_for_function("() => !document.querySelector('#live')._htmx.sse")
    rename(other, "quay", "", by=ada)
    show(chat.page)
    expect(chat.place("quay")).to_be_visible()


def test_a_message_sent_while_the_script_loads_is_not_missed(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    page = open_page(ada)

    def late(route: Route) -> None:
        post(room, ben, "Sent while it loads")
        route.continue_()

    page.route("**/js/app*.js", late)
    chat = Chat(page).listen(address_of(room))
    expect(chat.row_with("Sent while it loads")).to_be_visible()
    expect_as_fresh(chat)


def expect_reconnected(page: Page) -> None:
    """The page, whose clock stands still, says for three seconds of its own that it is connected again."""
    expect(page.locator("body[data-live]")).to_be_attached()
    pass_time(page, lambda: page.locator("#connection").inner_text() == "Reconnected.", seconds=1, step=0.1)


def test_a_first_connection_that_fails_is_tried_again_and_an_end_just_after_it_stays_said(
    open_page: Callable[..., Page], faults: list[str], ada: User, ben: User, room: Conversation
) -> None:
    page = open_page(ada)
    page.clock.install()
    stream = StreamRequests(page)
    stream.answers = [502]
    chat = Chat(page).open(room)
    post(room, ben, "Missed")
    status = page.locator("#connection")
    pass_time(page, lambda: "connection is lost" in status.inner_text(), seconds=5)
    stop_clock(page)
    pass_time(page, lambda: stream.asked > 1, seconds=20)
    expect_reconnected(page)
    expect(chat.row_with("Missed")).to_be_visible()
    leave(room, ada)

    def has_ended() -> bool:
        page.clock.run_for(1)  # the answer may take long, and the other notice must not end before it
        return "no longer a member" in status.inner_text()

    until(page, has_ended)
    page.clock.run_for(4000)
    expect(status).to_contain_text("no longer a member")
    faults.clear()


def test_a_page_without_network_says_so_and_catches_up_at_once_when_it_is_back(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).listen(address_of(room))
    page.context.set_offline(True)
    cut(page)
    status = page.locator("#connection")
    pass_time(page, lambda: "connection is lost" in status.inner_text(), seconds=10)
    post(room, ben, "Missed")
    page.clock.run_for(60_000)  # by now the page waits for many seconds between two tries
    stop_clock(page)
    answered(page)  # a try that is on its way would fail, and the next one would wait for the page's clock
    stream = StreamRequests(page)
    page.context.set_offline(False)
    until(page, lambda: stream.asked)  # although its clock stands still
    expect_reconnected(page)
    page.clock.resume()
    expect(chat.row_with("Missed")).to_be_visible()
    expect(status).to_be_empty()


def test_a_try_that_fails_just_when_the_network_is_back_is_soon_followed_by_another(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).listen(address_of(room))
    tries: list[str] = []

    def fail_six_times(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 6:  # the next try would come half a minute later
            page.evaluate("dispatchEvent(new Event('online'))")
        if len(tries) <= 6:
            route.abort()
        else:
            route.continue_()

    page.route("**/live/*", fail_six_times)
    stop_clock(page)
    cut(page)
    post(room, ben, "Missed")
    pass_time(page, lambda: len(tries) >= 6)
    pass_time(page, lambda: len(tries) > 6, seconds=5)
    expect(chat.row_with("Missed")).to_be_visible()


@pytest.mark.parametrize("why", ["signed out", "removed", "refused"])
def test_a_page_whose_stream_has_ended_for_good_says_so_and_does_not_reconnect(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, why: str
) -> None:
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).listen(address_of(room))
    chat.composer.fill("A draft")
    stream = StreamRequests(page)
    if why == "removed":
        leave(room, ada)
    else:
        if why == "refused":
            hide(page)
        Session.objects.filter(user=ada).delete()
        show(page)
    said = "no longer a member" if why == "removed" else "You are signed out"
    pass_time(page, lambda: said in page.locator("#connection").inner_text())
    asked = stream.asked
    assert asked <= 2
    page.clock.run_for(120_000)
    assert stream.asked == asked
    expect(chat.composer).to_have_value("A draft")
    post(room, ben, "Not for her")
    page.clock.run_for(5000)
    expect(chat.row_with("Not for her")).to_have_count(0)


def test_silent_stream_is_opened_again(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).listen(address_of(room))
    stream = StreamRequests(page)
    stop_clock(page)
    post(room, ben, "The last sign of life")
    pass_time(page, lambda: chat.row_with("The last sign of life").count(), seconds=60, step=0.01)
    page.clock.run_for(30_000)
    assert stream.asked == 0
    page.clock.resume()
    # The server's keep-alive events (by the real clock) and a presence event each reset the page's timeout.
    pass_time(page, lambda: stream.asked, seconds=300, step=15)
    post(room, ben, "Heard")
    expect(chat.row_with("Heard")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_notice_of_a_lost_connection_covers_nothing(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, phone: bool
) -> None:
    for number in range(30):
        post(room, ben, f"Wave {number}")
    Message.unread_messages.mark_as_read_for_user(ada)
    chat = Chat(open_page(ada, phone=phone)).listen(address_of(room))
    last = chat.timeline.locator(".row").last
    expect(last).to_be_in_viewport()
    with delayed(chat.page, "/live/*"):
        cut(chat.page)
        notice = chat.page.locator("#connection")
        expect(notice).to_contain_text("The connection is lost")
        below = notice.evaluate("notice => notice.getBoundingClientRect().bottom")
        for part in (".bar", ".writing", ".scroll", ".newest"):
            assert chat.page.locator(part).first.evaluate("part => part.getBoundingClientRect().top") >= below
        expect(chat.send_button).to_be_in_viewport(ratio=1)
        expect(last).to_be_in_viewport()
        assert chat.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
