"""The stream breaks, and nothing is missed; it ends for good, and the page says so and is quiet."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.chat import Chat, address_of
from e2e.freshness import expect_as_fresh
from e2e.line import Line, cut, hide, pass_time, show, stop_clock
from messaging.models import Conversation, Session, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave


def test_two_bad_gateways_in_a_row_lose_nothing(
    open_page: Callable[..., Page], faults: list[str], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Before")
    chat = Chat(open_page(ada)).listen(address_of(room))
    line = Line(chat.page)
    post(room, ben, "Applied")
    expect(chat.said("Applied")).to_be_visible()
    line.answers = [502, 502]
    cut(chat.page)
    post(room, ben, "Missed")
    message.edit("Changed meanwhile")
    expect(chat.said("Missed")).to_be_visible()
    assert line.asked == 3
    expect_as_fresh(chat)
    assert [fault[:3] for fault in faults] == ["502", "502"]
    faults.clear()


def test_what_is_born_while_the_script_is_on_its_way_is_not_missed(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    page = open_page(ada)

    def late(route: Route) -> None:
        post(room, ben, "Born on the way")
        route.continue_()

    page.route("**/js/app*.js", late)
    chat = Chat(page).listen(address_of(room))
    expect(chat.said("Born on the way")).to_be_visible()
    expect_as_fresh(chat)


def test_a_first_connection_that_fails_is_tried_again(
    open_page: Callable[..., Page], faults: list[str], ada: User, ben: User, room: Conversation
) -> None:
    page = open_page(ada)
    page.clock.install()
    line = Line(page)
    line.answers = [502]
    chat = Chat(page).open(room)
    post(room, ben, "Missed")
    status = page.locator("#connection")
    pass_time(page, lambda: "connection is lost" in status.inner_text(), seconds=5)
    pass_time(page, lambda: chat.said("Missed").count(), seconds=20)
    expect(page.locator("#connection")).to_have_text("Reconnected.")
    faults.clear()


def test_without_a_network_it_says_so_and_with_one_it_catches_up_at_once(
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
    page.clock.run_for(60_000)  # by now it waits for many seconds between two tries
    stop_clock(page)
    page.context.set_offline(False)
    pass_time(page, lambda: chat.said("Missed").count(), seconds=1, step=0.05)
    page.clock.resume()
    expect(status).to_have_text("Reconnected.")
    expect(status).to_be_empty()


@pytest.mark.parametrize("why", ["signed out", "removed", "refused"])
def test_a_stream_that_is_over_says_so_and_does_not_ask_again(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, why: str
) -> None:
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).listen(address_of(room))
    chat.composer.fill("A draft")
    line = Line(page)
    if why == "removed":
        leave(room, ada)
    else:
        if why == "refused":
            hide(page)
        Session.objects.filter(user=ada).delete()
        show(page)
    said = "no longer a member" if why == "removed" else "You are signed out"
    pass_time(page, lambda: said in page.locator("#connection").inner_text())
    asked = line.asked
    assert asked <= 2
    page.clock.run_for(120_000)
    assert line.asked == asked
    expect(chat.composer).to_have_value("A draft")
    post(room, ben, "Not for her")
    page.clock.run_for(5000)
    expect(chat.said("Not for her")).to_have_count(0)


def test_silent_stream_is_opened_again(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).listen(address_of(room))
    line = Line(page)
    page.clock.run_for(30_000)
    assert line.asked == 0
    # The server's own beats, by our clock, and somebody who is heard to leave, each begin the silence anew.
    pass_time(page, lambda: line.asked, seconds=300, step=15)
    post(room, ben, "Heard")
    expect(chat.said("Heard")).to_be_visible()
