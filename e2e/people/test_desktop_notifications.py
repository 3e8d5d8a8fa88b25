"""Desktop notifications, shown by one hidden tab for all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.browser_state import StreamRequests, cut, hide, show, until
from e2e.chat import delayed, lost
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post

# Records the notifications that a page shows. Headless Chromium denies permission to every page, so it is
# overridden.
NOTED = """window.noted = [];
window.Notification = class extends Notification {
  static permission = "granted";
  constructor(title, options) {
    super(title, options);
    window.noted.push(options.body.replace(/[\\u200b\\u00ad]/g, "")); // the marks of marked.py
  }
};"""

# Records the tones that a page plays. A browser plays none before somebody has clicked.
PLAYED = """window.played = [];
AudioContext.prototype.resume = async () => {};
OscillatorNode.prototype.start = function () { window.played.push(this.frequency.value); };
OscillatorNode.prototype.stop = () => {};"""
BELL = [1319, 1976]  # static/js/desktop-notification.js

# As static/js/notify.js does: visible tabs share the lock of this name.
REQUEST_VISIBLE_LOCK = "() => navigator.locks.request('visible-tabs', {ifAvailable: true}, () => null)"
HOLDS_ITS_LOCK = "() => 'watch' in document.body.dataset"
NO_TAB_IS_VISIBLE = """async () =>
  !(await navigator.locks.query()).held.some(({name}) => name === "visible-tabs")"""


@pytest.fixture
def notifying_tab(open_page: Callable[..., Page], server: str, ada: User) -> Page:
    """A tab of Ada's, with desktop notifications turned on. Those that it shows are in the page's `noted`."""
    page = open_page(ada)
    page.context.grant_permissions(["notifications"], origin=server)
    page.context.add_init_script(NOTED)
    page.goto("/account/notifications/")
    page.get_by_role("button", name="Turn on in this browser").click()
    expect(page.get_by_role("button", name="Turn off in this browser")).to_be_visible()
    return page


def noted(page: Page) -> list[str]:
    found: list[str] = page.evaluate("noted")
    return found


def test_one_hidden_tab_shows_desktop_notifications_for_personal_messages_and_plays_the_sound(
    notifying_tab: Page, ada: User, ben: User, room: Conversation
) -> None:
    User.objects.filter(pk=ada.pk).update(sound="bell")
    notifying_tab.context.add_init_script(PLAYED)
    tabs = [notifying_tab, notifying_tab.context.new_page()]
    streams = [StreamRequests(tab) for tab in tabs]
    for tab in tabs:
        with tab.expect_response("**/live/*"):
            tab.goto("/")
    Message.objects.create(sender=ben, receiver=ada, content="While it is seen")
    for tab in tabs:
        expect(tab.locator("#badge-inbox")).to_have_text("1 unread")
    tabs[1].wait_for_function(HOLDS_ITS_LOCK)  # as a visible tab, so that the other tells nothing
    hide(tabs[0])
    tabs[0].wait_for_function(HOLDS_ITS_LOCK)  # as the hidden tab that watches
    Message.objects.create(sender=ben, receiver=ada, content="While the other is seen")
    expect(tabs[0].locator("#badge-inbox")).to_have_text("2 unread")  # it watches
    tabs[0].evaluate(REQUEST_VISIBLE_LOCK)  # waits until the page's own lock request was answered
    hide(tabs[1])
    tabs[1].wait_for_function("() => !document.querySelector('#live')._htmx.sse")
    tabs[0].wait_for_function(NO_TAB_IS_VISIBLE)
    post(room, ben, "To all")
    Message.objects.create(sender=ben, receiver=ada, content="To one")
    expect(tabs[0].locator("#badge-inbox")).to_have_text("3 unread")
    tabs[0].wait_for_function("() => noted.length")
    assert [noted(tab) for tab in tabs] == [["To one"], []]
    until(tabs[0], lambda: tabs[0].evaluate("played") == BELL)
    assert tabs[1].evaluate("played") == []
    asked = streams[1].asked
    tabs[0].evaluate("localStorage.notified = 'before-a-restored-backup 999999'")
    Message.objects.create(sender=ben, receiver=ada, content="Another to one")
    tabs[0].wait_for_function("() => noted.length > 1")
    assert streams[1].asked == asked  # one stream for all
    with delayed(tabs[1], "/live/*") as waiting:
        tabs[0].close()
        until(tabs[1], lambda: waiting)
        post(room, ben, "To @ada")
    tabs[1].wait_for_function("() => noted.at(-1)?.endsWith('To @ada\\nYou are mentioned')")
    show(tabs[1])
    expect(tabs[1].locator("#badge-inbox")).to_have_text("5 unread")


def test_what_could_not_be_shown_without_its_script_is_shown_when_the_stream_is_open_again(
    notifying_tab: Page, ada: User, ben: User
) -> None:
    with lost(notifying_tab, "desktop-notification"):
        notifying_tab.get_by_label("Drop").check()
        expect(notifying_tab.locator(".notices")).to_contain_text("The server cannot be reached.")
    Message.objects.create(sender=ben, receiver=ada, content="While it is seen")
    expect(notifying_tab.locator("#badge-inbox")).to_have_text("1 unread")
    hide(notifying_tab)
    notifying_tab.wait_for_function(NO_TAB_IS_VISIBLE)
    notifying_tab.wait_for_function(HOLDS_ITS_LOCK)  # as the hidden tab that watches
    with lost(notifying_tab, "desktop-notification"):
        Message.objects.create(sender=ben, receiver=ada, content="To one")
        expect(notifying_tab.locator("#badge-inbox")).to_have_text("2 unread")
    cut(notifying_tab)
    notifying_tab.wait_for_function("() => noted.length")
    assert noted(notifying_tab) == ["To one"]


def test_without_desktop_notifications_hidden_tabs_close_their_stream(
    notifying_tab: Page, ada: User, ben: User
) -> None:
    notifying_tab.get_by_role("button", name="Turn off in this browser").click()
    expect(notifying_tab.get_by_role("button", name="Turn on in this browser")).to_be_visible()
    hide(notifying_tab)
    notifying_tab.wait_for_function("() => !document.querySelector('#live')._htmx.sse")
    stream = StreamRequests(notifying_tab)
    Message.objects.create(sender=ben, receiver=ada, content="To one")
    hers = notifying_tab.context.new_page()
    hers.goto("/inbox/")
    expect(hers.get_by_text("To one")).to_be_visible()
    Message.objects.create(sender=ben, receiver=ada, content="And another")
    expect(hers.locator("#badge-inbox")).to_have_text("2 unread")  # the stream of a tab that is shown
    assert stream.asked == 0
    show(notifying_tab)
    expect(notifying_tab.locator("#badge-inbox")).to_have_text("2 unread")
    assert noted(notifying_tab) == []


def test_the_page_says_that_the_browser_blocks_notifications(
    open_page: Callable[..., Page], ada: User
) -> None:
    page = open_page(ada)
    page.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page.goto("/account/notifications/")
    expect(page.locator("#desktop")).to_contain_text("are blocked in this browser")
    expect(page.get_by_role("button", name="Turn on in this browser")).to_be_hidden()
