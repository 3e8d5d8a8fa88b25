"""A message that was not sent, or was being sent, survives in the browser until it is sent or discarded."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from e2e.browser_state import stop_clock, until
from e2e.chat import Chat, address_of
from e2e.unsent import (
    TEXT,
    Sent,
    answer_lost,
    bad_gateway,
    busy,
    button,
    contents,
    expect_sent_once,
    fail_to_send,
    kept,
    kept_texts,
    no_connection,
    sending_fails,
    timed_out,
    until_kept,
    until_streaming,
)
from messaging.models import Conversation


@pytest.mark.parametrize("how", [no_connection, timed_out, bad_gateway, busy, answer_lost])
def test_what_could_not_be_sent_survives_a_reload_and_is_sent_with_the_same_id(
    chat: Chat, room: Conversation, faults: list[str], how: Callable[[Route], None]
) -> None:
    sent = Sent(chat.page.context)
    chat.page.route("**/live/**", lambda route: route.abort())  # the stream would bring it
    chat.open(room)
    with sending_fails(chat.page.context, how, has_stream=False):
        fail_to_send(chat)
    chat.page.reload()
    expect_sent_once(chat)
    assert len(sent.ids) == 2 - (how is answer_lost)
    assert len(set(sent.ids)) == 1
    faults.clear()


def test_after_a_second_failure_it_waits_for_the_person(chat: Chat) -> None:
    sent = Sent(chat.page.context)
    with sending_fails(chat.page.context):
        fail_to_send(chat)
        chat.page.reload()
        expect(button(chat.outbox, "Try again")).to_be_visible()
        until(chat.page, lambda: len(sent.ids) == 2)
        expect(button(chat.outbox, "Try again")).to_be_visible()  # not while it is being sent
        until_kept(chat.page, TEXT)
    chat.page.reload()
    expect(chat.outbox).to_contain_text(TEXT)
    expect(chat.outbox).to_contain_text("cannot be reached")
    expect(chat.outbox).to_contain_text("Kept in this browser")
    button(chat.outbox, "Try again").click()
    expect_sent_once(chat)
    assert len(sent.ids) == 3
    assert len(set(sent.ids)) == 1


@pytest.mark.parametrize("how", ["reload", "close"])
def test_what_was_being_sent_survives_the_end_of_its_page(chat: Chat, room: Conversation, how: str) -> None:
    context = chat.page.context
    with sending_fails(context, lambda route: None):  # no answer, ever
        chat.send(TEXT)
        until(chat.page, lambda: kept_texts(chat.page) == [TEXT])
    if how == "reload":
        chat.page.reload()
    else:
        chat.page.close()  # as in a crash, without any event in the page
    again = chat if how == "reload" else Chat(context.new_page()).open(room)
    expect_sent_once(again)


# Shows the message, as the stream does, at the moment when the page looks up what it keeps of it.
ARRIVE = """
const get = IDBObjectStore.prototype.get;
IDBObjectStore.prototype.get = function (id) {
  const row = document.createElement("div");
  row.innerHTML = `<div class="message" data-client="${id}"></div>`;
  document.querySelector("#main").append(row);
  document.dispatchEvent(new CustomEvent("htmx:after:swap", { detail: { ctx: {} } }));
  window.hasArrived = true;
  return get.call(this, id);
};
"""


def test_what_arrives_while_it_is_sent_again_is_kept_no_longer(chat: Chat) -> None:
    with sending_fails(chat.page.context):
        fail_to_send(chat)
    chat.page.add_init_script(ARRIVE)
    chat.page.reload()
    until(chat.page, lambda: chat.page.evaluate("window.hasArrived"))
    until(chat.page, lambda: kept(chat.page) == [], "The browser still keeps it.")


def test_three_are_sent_once_and_in_order_when_the_connection_is_back(chat: Chat) -> None:
    words = ["One", "Two", "Three"]
    sent = Sent(chat.page.context)
    chat.page.context.set_offline(True)
    for word in words:
        chat.send(word)
    expect(button(chat.outbox, "Try again")).to_have_count(3)
    chat.page.context.set_offline(False)
    expect(chat.timeline.locator(".prose")).to_have_text(words)
    for word in words:
        expect_sent_once(chat, word)
    assert contents() == words
    assert len(set(sent.ids)) == 3


def test_it_is_sent_when_the_server_answers_again(chat: Chat, faults: list[str]) -> None:
    """The stream stays open, and only sending failed."""
    chat.page.clock.install()
    chat.page.reload()
    until_streaming(chat.page)
    stop_clock(chat.page)  # or it sends again before its failure was looked at
    chat.page.route("**/send/", bad_gateway, times=1)
    fail_to_send(chat)
    chat.page.clock.run_for(15_000)
    expect_sent_once(chat)
    faults.clear()


def test_several_keep_their_order(chat: Chat) -> None:
    words = ["One", "Two", "Three"]
    with sending_fails(chat.page.context):
        for word in words:
            chat.send(word)
        expect(button(chat.outbox, "Try again")).to_have_count(3)
        until_kept(chat.page, *words)
    chat.page.reload()
    expect(chat.timeline.locator(".prose")).to_have_text(words)
    assert contents() == words


def test_two_tabs_send_it_once(chat: Chat, room: Conversation) -> None:
    context = chat.page.context
    with sending_fails(context):
        fail_to_send(chat)
    chat.page.goto("about:blank")
    sent = Sent(context)
    tabs = [chat, *(Chat(context.new_page()) for _ in range(2))]
    for tab in tabs:
        tab.page.evaluate("address => { location.href = address }", "about:blank")
    for tab in tabs:
        tab.page.goto(address_of(room), wait_until="commit")
    for tab in tabs:
        expect_sent_once(tab)
    assert len(sent.ids) == 1


def test_two_tabs_show_it_and_one_of_them_can_send_it(chat: Chat, room: Conversation) -> None:
    sent = Sent(chat.page.context)
    other = Chat(chat.page.context.new_page()).open(room)
    with sending_fails(chat.page.context):
        fail_to_send(chat)
        expect(other.outbox).to_contain_text(TEXT)
        chat.page.reload()
        until(chat.page, lambda: len(sent.ids) == 2)
        expect(button(other.outbox, "Try again")).to_be_visible()
    button(other.outbox, "Try again").click()
    expect_sent_once(other)
    expect_sent_once(chat)
    assert len(sent.ids) == 3


@pytest.mark.parametrize("minutes", [59, 61, 60 * 24 * 8, -5])
def test_what_is_older_than_an_hour_waits_for_the_person(chat: Chat, minutes: int) -> None:
    """-5: the clock was put back."""
    chat.page.clock.install()
    chat.page.reload()
    with sending_fails(chat.page.context):
        fail_to_send(chat)
        [message] = kept(chat.page)
        chat.page.goto("about:blank")
    sent = Sent(chat.page.context)
    chat.page.clock.set_fixed_time(message["written"] / 1000 + 60 * minutes)
    chat.page.go_back()
    if minutes == 59:
        expect_sent_once(chat)
        return
    expect(chat.outbox).to_contain_text("more than an hour ago")
    button(chat.outbox, "Try again").click()
    expect_sent_once(chat)
    assert len(sent.ids) == 1


def test_it_can_be_edited_copied_and_discarded(chat: Chat) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sent = Sent(chat.page.context)
    with sending_fails(chat.page.context):
        for text in ("One", "Two"):
            chat.send(text)
        expect(button(chat.outbox, "Try again")).to_have_count(2)
        until_kept(chat.page, "One", "Two")
        chat.page.reload()
        until(chat.page, lambda: len(sent.ids) == 4)  # each was sent again by itself
        for number in range(2):
            expect(button(chat.outbox, "Try again").nth(number)).to_be_visible()
    button(chat.outbox.locator("form").first, "Copy").click()
    until(chat.page, lambda: chat.page.evaluate("navigator.clipboard.readText()") == "One")
    button(chat.outbox.locator("form").first, "Discard").click()
    button(chat.outbox, "Edit").click()
    expect(chat.composer).to_have_value("Two")
    expect(chat.composer).to_be_focused()
    expect(chat.outbox).to_be_empty()
    until(chat.page, lambda: kept(chat.page) == [])
    chat.page.reload()
    expect(chat.composer).to_have_value("Two")
    expect(chat.outbox).to_be_empty()
    assert contents() == []
