"""Messages that could not be sent: how sending fails, and what the browser keeps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from e2e.browser_state import WITHOUT_TIMERS, milliseconds, until
from e2e.chat import Chat
from messaging.models import Message

TEXT = "The boat leaks"

KEPT = """async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name);
  if (!names.includes("unsent")) return [];
  const open = indexedDB.open("unsent");
  open.onupgradeneeded = () => open.transaction.abort(); // it was deleted since it was listed
  const isThere = await new Promise((done) => {
    open.onsuccess = () => done(true);
    open.onerror = () => done(false);
  });
  if (!isThere) return [];
  const database = open.result;
  const read = database.transaction("unsent").objectStore("unsent").getAll();
  await new Promise((done) => { read.onsuccess = done; });
  database.close();
  return read.result;
}"""


def kept(page: Page) -> list[dict[str, Any]]:
    """What this browser keeps of unsent messages."""
    found: list[dict[str, Any]] = page.evaluate(KEPT)
    return found


def kept_texts(page: Page) -> list[str]:
    return [message["content"] for message in kept(page)]


def no_connection(route: Route) -> None:
    route.abort()


def timed_out(route: Route) -> None:
    route.abort("timedout")


def bad_gateway(route: Route) -> None:
    route.fulfill(status=502, body="Bad gateway")


def busy(route: Route) -> None:
    route.fulfill(status=503, body="Busy")


def answer_lost(route: Route) -> None:
    """The server has the message, but its answer does not arrive."""
    route.fetch()
    route.abort()


IS_STREAMING = "!document.querySelector('#live') || 'live' in document.body.dataset"
# After ten seconds a page sends again by itself. On a busy machine they pass before a test has done its next
# step. In a page without these timers they never pass.
DELAY = milliseconds("resending.js", "RETRY_DELAY_MS")


def until_streaming(page: Page) -> None:
    """Wait until the page's stream is open, if it has one."""
    until(page, lambda: page.evaluate(IS_STREAMING), "Its stream does not open.")


@contextmanager
def sending_fails(
    context: BrowserContext, how: Callable[[Route], None] = no_connection, has_stream: bool = True
) -> Iterator[None]:
    """In all tabs, until the block ends. Only what is sent fails, pages load.

    The pages that are open do not send again by themselves, also not after the block; those that are loaded
    from then on do so at once.

    Arguments:
        has_stream: whether the open pages have a stream, or will have one. It is waited for, because a page
            sends again what failed before its stream opened.
    """
    for page in context.pages if has_stream else ():
        until_streaming(page)
        page.evaluate(WITHOUT_TIMERS, DELAY)

    def fail(route: Route) -> None:
        if route.request.method == "POST":
            how(route)
        else:
            route.continue_()

    patterns = ("**/send/", "**/reply/")
    for pattern in patterns:
        context.route(pattern, fail)
    yield
    for pattern in patterns:
        context.unroute(pattern, fail)


class Sent:
    """The requests with which the tabs of a browser sent messages."""

    def __init__(self, context: BrowserContext) -> None:
        self.ids: list[str] = []
        context.on("request", self._count)

    def _count(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith(("/send/", "/reply/")):
            self.ids.append(parse_qs(request.post_data or "")["client_id"][0])


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name)


def contents() -> list[str]:
    return list(Message.objects.order_by("seq").values_list("content", flat=True))


def expect_sent_once(chat: Chat, text: str = TEXT) -> None:
    expect(chat.row_with(text)).to_have_count(1)
    expect(chat.outbox).to_be_empty()
    assert contents().count(text) == 1
    until(chat.page, lambda: kept(chat.page) == [], "The browser still keeps it.")


def until_kept(page: Page, *texts: str) -> None:
    """Wait until the browser keeps these messages, in this order, with the reasons why they were not sent.

    A page shows the reason before that.
    """
    until(page, lambda: [one["content"] for one in _failed(page)] == list(texts), "It does not keep them.")


def _failed(page: Page) -> list[dict[str, Any]]:
    return sorted((one for one in kept(page) if one["error"]), key=lambda one: one["written"])


def fail_to_send(chat: Chat, text: str = TEXT, is_kept: bool = True) -> None:
    """Send a message, which fails.

    Arguments:
        is_kept: whether the browser can keep it. That is waited for.
    """
    chat.send(text)
    expect(button(chat.outbox, "Try again")).to_be_visible()
    if is_kept:
        until_kept(chat.page, text)
