"""What could not be sent is sent without a page: by the service worker, when there is a connection again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from django.core.signals import request_started
from playwright.sync_api import CDPSession, Page, expect

from e2e.browser_state import until
from e2e.chat import Chat
from e2e.conftest import _sign_in
from e2e.unsent import Sent, button, contents, kept, kept_texts
from messaging.models import Conversation, Message, Session, User
from tests.waiting import PATIENCE_SECONDS

WORDS = ["One", "Two", "Three"]
PAGES = "clients.matchAll({ type: 'window', includeUncontrolled: true }).then((pages) => pages.length)"


class Browser:
    """A browser with a service worker, in which three messages wait, and the page that wrote them is closed.

    Chromium's debugging interface fires the event of Background Sync.
    """

    def __init__(self, page: Page, room: Conversation) -> None:
        self.page = page
        self.asked: list[str] = []  # all that the server was asked for after the page was closed
        page.add_init_script("SyncManager.prototype.register = async (tag) => { localStorage.sync = tag; };")
        self.chat = Chat(page).open(room)
        page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
        page.context.set_offline(True)
        for word in WORDS:
            self.chat.send(word)
        expect(button(self.chat.outbox, "Try again")).to_have_count(3)
        until(page, lambda: sorted(kept_texts(page)) == sorted(WORDS))
        until(page, lambda: page.evaluate("localStorage.sync") == "unsent")
        self.ids = {message["content"]: message["client_id"] for message in kept(page)}
        self.address = page.url
        page.goto("about:blank")
        request_started.connect(self._note)
        page.context.set_offline(False)

    def _note(self, environ: dict[str, str], **about: object) -> None:
        self.asked.append(environ["PATH_INFO"])

    def fire(self) -> None:
        """As the browser does it when there is a connection, but only once: it must find no page."""
        until(self.page, lambda: not self._has_page(), "The page that was left is still there.")
        session = self.page.context.new_cdp_session(self.page)
        found: list[str] = []
        session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(_ids(event)))
        session.send("ServiceWorker.enable")
        until(self.page, lambda: bool(found))
        self._sync(session, found[0])

    def _has_page(self) -> bool:
        return any(worker.evaluate(PAGES) for worker in self.page.context.service_workers)

    def _sync(self, session: CDPSession, registration: str) -> None:
        origin = "/".join(self.address.split("/")[:3])
        options = {"origin": origin, "registrationId": registration, "tag": "unsent", "lastChance": False}
        session.send("ServiceWorker.dispatchSyncEvent", options)


def _ids(event: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["registrationId"] for one in event["registrations"]]


@pytest.fixture
def browser_with_unsent(
    open_page: Callable[..., Page], ada: User, room: Conversation, faults: list[str]
) -> Iterator[Browser]:
    yield Browser(open_page(ada, service_workers="allow"), room)
    faults.clear()  # what failed without a line


def test_sent_once_and_in_order_without_a_page(browser_with_unsent: Browser, room: Conversation) -> None:
    browser = browser_with_unsent
    browser.fire()
    until(browser.page, lambda: contents() == WORDS)
    sent = Sent(browser.page.context)
    chat = Chat(browser.page).open(room)
    expect(chat.timeline.locator(".prose")).to_have_text(WORDS)
    expect(chat.outbox).to_be_empty()
    until(browser.page, lambda: kept_texts(browser.page) == [])
    assert sent.ids == []


@contextmanager
def sending_waits() -> Iterator[None]:
    """What is sent waits in the server until the block ends."""
    end = Event()

    def wait(environ: dict[str, str], **about: object) -> None:
        if environ["PATH_INFO"].endswith("/send/"):
            end.wait(PATIENCE_SECONDS)

    request_started.connect(wait)
    try:
        yield
    finally:
        end.set()


def test_a_message_that_is_discarded_meanwhile_and_what_an_open_page_can_send_are_left_out(
    browser_with_unsent: Browser, room: Conversation
) -> None:
    browser = browser_with_unsent
    page, ids = browser.page, browser.ids
    with sending_waits():
        browser.fire()
        until(page, lambda: any(path.endswith("/send/") for path in browser.asked))
        until(page, lambda: page.context.service_workers)  # the browser may have stopped and started it
        worker = page.context.service_workers[-1]
        worker.evaluate("id => parley.unsent.drop(id)", ids["Two"])  # as a page does it
        page.goto("/token/")  # a page that sends nothing itself
    until(page, lambda: kept_texts(page) == ["Three"])
    page.evaluate("id => navigator.locks.request(`unsent ${id}`, () => {})", ids["Three"])
    assert contents() == ["One"]
    page.goto("about:blank")
    browser.fire()
    until(page, lambda: contents() == ["One", "Three"])


def test_nothing_is_sent_after_the_session_or_as_somebody_else(
    browser_with_unsent: Browser, ben: User, room: Conversation, server: str
) -> None:
    browser = browser_with_unsent
    context = browser.page.context

    def is_asked() -> bool:
        return any(path == "/token/" for path in browser.asked)

    Session.objects.all().delete()
    browser.fire()
    until(browser.page, is_asked)
    browser.asked.clear()
    _sign_in(context, ben, server)
    browser.fire()
    until(browser.page, is_asked)
    # What it does next is seen by a request that comes after it: a page, which deletes what is not Ben's.
    chat = Chat(browser.page).open(room)
    until(browser.page, lambda: kept_texts(browser.page) == [])
    expect(chat.outbox).to_be_empty()
    assert not any(path.endswith("/send/") for path in browser.asked)
    assert not Message.objects.exists()
