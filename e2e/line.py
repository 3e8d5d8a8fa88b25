"""What lies between a page and its stream: the network, other tabs in front of it, sleep."""

from collections.abc import Callable

from playwright.sync_api import Page, Route

HIDE = """hidden => {
  const state = hidden ? "hidden" : "visible";
  Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
  Object.defineProperty(document, "visibilityState", {configurable: true, get: () => state});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


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


def pass_time(page: Page, until: Callable[[], object], seconds: int = 60, step: int = 1) -> None:
    """Lets the page's own clock run until something has happened. In steps of so many seconds: between two
    timers it may wait for an answer, which takes its time by ours."""
    for _ in range(0, seconds, step):
        if until():
            return
        page.clock.run_for(1000 * step)
        page.wait_for_timeout(30)
    assert until(), f"That did not happen within {seconds} s."
