"""What lies between a page and its stream: the network, other tabs in front of it, sleep."""

import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Page, Request, Response, Route

from tests.waiting import PATIENCE_SECONDS

HIDE = """hidden => {
  const state = hidden ? "hidden" : "visible";
  Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
  Object.defineProperty(document, "visibilityState", {configurable: true, get: () => state});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


# What each page has asked for and not got yet.
in_flight: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


def watch(context: BrowserContext) -> None:
    """Know what its pages wait for."""

    def asked(request: Request) -> None:
        if request.frame.page:
            in_flight.setdefault(request.frame.page, set()).add(request)

    def ended(request: Request) -> None:
        for waiting in in_flight.values():
            waiting.discard(request)

    def began(answer: Response) -> None:
        if "/live/" in answer.url or not answer.ok:  # a refusal is not read by the page: it would never end
            ended(answer.request)

    context.on("request", asked)
    context.on("requestfinished", ended)
    context.on("requestfailed", ended)
    context.on("response", began)


class Line:
    """The line to the server: how often the stream is asked for, and what is answered instead of it."""

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
    """The stream breaks off, as when the server starts anew."""
    page.evaluate("document.querySelector('#live')._htmx.sse.reader.cancel()")
    page.wait_for_function("() => !document.querySelector('#live')._htmx.sse.reader")


def in_background(page: Page) -> Page:
    """A tab that is opened behind others: headless Chromium thinks each of its pages in front."""
    page.add_init_script(f"({HIDE})(true)")
    return page


def hide(page: Page) -> None:
    """Another tab is before it now."""
    page.evaluate(HIDE, True)


def show(page: Page) -> None:
    page.evaluate(HIDE, False)


def freeze(page: Page, state: str = "frozen") -> None:
    """What a laptop's lid does: nothing runs, until it is `active` again."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": state})
    session.detach()


def until(page: Page, holds: Callable[[], object], otherwise: str = "That did not happen.") -> None:
    """Wait for something that is not on the page: while it waits, routes and events of the page go on."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, otherwise
        page.wait_for_timeout(20)


def answered(page: Page) -> None:
    """Wait until the page has every answer that it asked for. A stream's answer is that it is open."""
    page.wait_for_timeout(20)  # what it asked for is told to us
    until(page, lambda: not in_flight.get(page), f"It still waits for an answer: {in_flight.get(page)}")


def pass_time(page: Page, holds: Callable[[], object], seconds: float = 60, step: float = 1) -> None:
    """Lets the page's own clock run until something has happened. In steps of so many seconds: between two
    timers it waits for its answers, however long they take by our clock."""
    for _ in range(round(seconds / step)):
        if holds():
            return
        page.clock.run_for(round(1000 * step))
        answered(page)
    assert holds(), f"That did not happen within {seconds} s."


def stop_clock(page: Page) -> None:
    """From now on the page's clock moves only when a test moves it."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 1)
