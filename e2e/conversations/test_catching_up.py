"""A page that was suspended or in a hidden tab catches up: it shows the same as a newly loaded page."""

from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from e2e.browser_state import (
    StreamRequests,
    cut,
    freeze,
    hide,
    in_background,
    pass_time,
    show,
    unfreeze,
    until,
)
from e2e.chat import Chat, address_of, delayed
from e2e.freshness import expect_as_fresh
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


def test_a_page_that_was_frozen_during_300_changes_shows_them_all(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    first = post(room, ben, "Before")
    chat = Chat(open_page(ada)).listen(address_of(room))
    freeze(chat.page)
    for start in range(0, 290, 10):
        with transaction.atomic():
            for number in range(start, start + 10):
                post(room, ben, f"Wave {number}")
    for number in range(10):
        first.edit(f"Edit {number}")
    unfreeze(chat.page)
    expect_as_fresh(chat)


@pytest.mark.parametrize("writing", [False, True], ids=["reading", "writing"])
def test_after_too_many_changes_the_page_fetches_everything(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, writing: bool
) -> None:
    waves = [post(room, ada, f"Wave {number}") for number in range(30)]
    chat = Chat(open_page(ada)).listen(address_of(room))
    if writing:
        form = chat.form(chat.row(waves[4]), "Edit")
        form.text.fill("Half a sentence")
    hide(chat.page)
    with transaction.atomic():
        for number in range(510):
            post(room, ben, f"Tide {number}")
    waves[4].edit("Wave four")
    with chat.page.expect_response("**/fresh/*"):
        show(chat.page)
    if not writing:
        expect(chat.row_with("Tide 509")).to_be_attached()
        expect_as_fresh(chat)
        return
    expect(chat.row(waves[4]).locator(".message .prose")).to_have_text("Wave four")
    expect(form.text).to_have_value("Half a sentence")
    expect(form.text).to_be_focused()
    expect(chat.page.locator("#to-newest")).to_have_text("Newest")
    form.form.get_by_role("button", name="Save").click()
    expect(form.form.get_by_role("alert")).to_contain_text("changed while you were editing")
    expect(form.text).to_have_value("Half a sentence")


def test_a_run_ends_where_its_first_message_was_removed_before_the_page_fetched_everything(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ben, "Who takes the early ferry?")
    post(room, ada, "I do", parent=root)
    last = post(room, ben, "The kettle is on")
    chat = Chat(open_page(ada)).listen(address_of(room))
    expect(chat.row(last)).to_contain_class("run")
    hide(chat.page)
    root.remove(by=ben)
    ben.display_name = "Benedict Okri"
    ben.save()
    with chat.page.expect_response("**/fresh/*"):  # because of the name
        show(chat.page)
    expect_as_fresh(chat)


def test_a_reset_that_fails_is_tried_again_without_an_error_message(
    open_page: Callable[..., Page], faults: list[str], ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "Before")
    page = open_page(ada)
    page.clock.install()
    chat = Chat(page).without_reports().open(room)
    page.route("**/fresh/*", lambda route: route.fulfill(status=503, body="Busy"))
    with page.expect_response("**/fresh/*"):
        Message.objects.filter(pk=message.pk).delete()
    page.unroute("**/fresh/*")
    pass_time(page, lambda: not chat.row(message).count(), seconds=10)
    expect(page.locator(".notice")).to_have_count(0)
    post(room, ben, "After")
    expect(chat.row_with("After")).to_be_attached()
    faults.clear()


def test_a_hidden_tab_does_not_connect_and_catches_up_when_it_is_shown(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    page = in_background(open_page(ada))
    stream = StreamRequests(page)
    chat = Chat(page).without_reports().open(room)
    other = Chat(page.context.new_page()).listen(address_of(room))
    post(room, ben, "While the tab is hidden")
    expect(other.row_with("While the tab is hidden")).to_be_visible()
    other.page.close()
    assert stream.asked == 0
    expect(chat.row_with("While the tab is hidden")).to_have_count(0)
    with page.expect_response("**/live/*"):
        show(page)
    expect_as_fresh(chat)
    hide(page)
    page.wait_for_function("() => !document.querySelector('#live')._htmx.sse")
    post(room, ben, "And again")
    show(page)
    expect(chat.row_with("And again")).to_be_visible()
    expect_as_fresh(chat)


def test_a_tab_that_is_hidden_while_it_reconnects_has_no_stream_until_it_is_shown(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    chat = Chat(open_page(ada)).listen(address_of(room))
    with delayed(chat.page, "/live/*") as waiting:
        cut(chat.page)
        until(chat.page, lambda: waiting)
        hide(chat.page)
    chat.page.wait_for_function("() => !document.querySelector('#live')._htmx.sse")
    post(room, ben, "While the tab is hidden")
    show(chat.page)
    expect(chat.row_with("While the tab is hidden")).to_be_visible()
    expect_as_fresh(chat)


def test_of_eight_tabs_on_six_connections_the_eighth_sends(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    context = open_page(ada).context
    tabs = []
    for number in range(8):
        page = context.new_page()
        if number in (2, 5):
            in_background(page)
        tabs.append(Chat(page).open(room))
    for tab in tabs:
        expect(tab.title).to_have_text("# harbour")
    tabs[-1].send("From the eighth")
    expect(tabs[-1].outbox).to_be_empty()
    expect(tabs[-1].row_with("From the eighth")).to_be_visible()
    for number in (2, 5):
        expect(tabs[number].row_with("From the eighth")).to_have_count(0)
        show(tabs[number].page)
        expect(tabs[number].row_with("From the eighth")).to_be_visible()


@pytest.mark.parametrize("path", ["/inbox/", "/rooms/", "room"])
def test_a_rename_between_loading_a_page_and_its_stream_is_shown(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, path: str
) -> None:
    Conversation.objects.direct(ada, ben)
    chat = Chat(open_page(ada))
    with delayed(chat.page, "/live/*"):
        chat.page.goto(address_of(room) if path == "room" else path)
        expect(chat.place("Ben Okri")).to_be_visible()
        ben.display_name = "Benedict"
        ben.save()
    expect(chat.place("Benedict")).to_be_visible()
