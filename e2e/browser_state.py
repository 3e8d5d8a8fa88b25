"""Interruptions between a page and its stream: network failures, hidden tabs, suspended pages."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Error, Page, Request, Response, Route

from tests.waiting import PATIENCE_SECONDS

HIDE = """hidden => {
  const state = hidden ? "hidden" : "visible";
  Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
  Object.defineProperty(document, "visibilityState", {configurable: true, get: () => state});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
UNFOCUSED = "document.hasFocus = () => false"

# From then on the page's timers of so many milliseconds never fire.
WITHOUT_TIMERS = """ms => {
  const { setTimeout } = window;
  window.setTimeout = (act, after, ...more) => (after === ms ? 0 : setTimeout(act, after, ...more));
}"""
SCRIPTS = Path(__file__).parent.parent / "static/js"


def milliseconds(script: str, name: str) -> int:
    """A time, as the constant of one of our scripts says it."""
    [found] = re.findall(rf"^const {name} = ([0-9_]+);$", (SCRIPTS / script).read_text(), re.MULTILINE)
    return int(found)


# The unanswered requests of each page.
in_flight: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


def watch(context: BrowserContext) -> None:
    """Record the unanswered requests of the context's pages in `in_flight`."""

    def asked(request: Request) -> None:
        try:
            page = request.frame.page
        except Error:  # the first request of a tab that a script opens: it has no page yet
            return
        if page:
            in_flight.setdefault(page, set()).add(request)

    def ended(request: Request) -> None:
        for waiting in in_flight.values():
            waiting.discard(request)

    def began(answer: Response) -> None:
        # The page does not read the body of an error response, so that request would never finish.
        if "/live/" in answer.url or not answer.ok:
            ended(answer.request)

    context.on("request", asked)
    context.on("requestfinished", ended)
    context.on("requestfailed", ended)
    context.on("response", began)


class StreamRequests:
    """Counts the requests for the stream, and answers them with other statuses if a test says so."""

    def __init__(self, page: Page) -> None:
        self.asked = 0
        self.answers: list[int] = []
        page.route("**/live/*", self._ask)

    def _ask(self, route: Route) -> None:
        self.asked += 1
        if self.answers:
            route.fulfill(status=self.answers.pop(0), body="Bad gateway")
        else:
            route.continue_()


def cut(page: Page) -> None:
    """The stream, which is open, breaks off, as when the server restarts. It may soon be open again."""
    reader = page.evaluate_handle("document.querySelector('#live')._htmx.sse.reader")
    reader.evaluate("reader => reader.cancel()")
    page.wait_for_function("cut => document.querySelector('#live')._htmx.sse?.reader !== cut", arg=reader)


def in_background(page: Page) -> Page:
    """A tab that is opened behind others. Without this, headless Chromium treats every page as visible."""
    page.add_init_script(f"({HIDE})(true)")
    return page


def unfocus(page: Page) -> None:
    """From now on the page's window seems not to have the focus: no message in it counts as seen.

    Routes that abort the page's reports would not do. When it is left or closed it reports once more, and
    such a request passes all routes.
    """
    page.add_init_script(UNFOCUSED)
    page.evaluate(UNFOCUSED)


def hide(page: Page) -> None:
    """Make the page hidden, as behind another tab."""
    page.evaluate(HIDE, True)


def show(page: Page) -> None:
    page.evaluate(HIDE, False)


def freeze(page: Page) -> None:
    """Freeze the page, as when a laptop is closed: no script runs until `unfreeze`."""
    _set_lifecycle_state(page, "frozen")


def unfreeze(page: Page) -> None:
    _set_lifecycle_state(page, "active")


def _set_lifecycle_state(page: Page, state: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": state})
    session.detach()


def notices_stay(page: Page) -> Page:
    """What the page says for eight seconds stays, since on a busy machine they pass before a test looks."""
    page.add_init_script(f"({WITHOUT_TIMERS})({milliseconds('notices.js', 'NOTICE_MS')})")
    return page


def until(page: Page, holds: Callable[[], object], otherwise: str = "That did not happen.") -> None:
    """Wait until `holds()` is true. Meanwhile the page's routes and events are handled."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, otherwise
        page.wait_for_timeout(20)


def answered(page: Page) -> None:
    """Wait until all requests of the page are answered. A stream counts as answered once it is open."""
    page.wait_for_timeout(20)  # meanwhile Playwright reports the page's new requests
    until(page, lambda: not in_flight.get(page), f"It still waits for a response: {in_flight.get(page)}")


def pass_time(page: Page, holds: Callable[[], object], seconds: float = 60, step: float = 1) -> None:
    """Moves the page's own clock in steps of `step` seconds until `holds()` is true.

    After each step it waits for the page's requests, however long they really take.
    """
    for _ in range(round(seconds / step)):
        if holds():
            return
        page.clock.run_for(round(1000 * step))
        answered(page)
    assert holds(), f"That did not happen within {seconds} s."


def stop_clock(page: Page) -> None:
    """From now on the page's clock moves only when a test moves it."""
    try:
        page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)
    except Error as error:
        # On a slow machine that moment has passed. The clock stands still all the same.
        if "to the past" not in str(error):
            raise
