"""Holding an answer back: the server has answered, the page waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch

from playwright.sync_api import APIResponse, Page, Request, Route

from e2e.browser_state import in_flight, until


class Held:
    """The first answer to a kind of request. Later requests of that kind pass."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._route: Route | None = None
        self._answer: APIResponse | None = None

    @property
    def is_taken(self) -> bool:
        return self._route is not None

    @property
    def request(self) -> Request:
        assert self._route
        return self._route.request

    def take(self, route: Route) -> None:
        """Let the server answer the request, and keep the answer."""
        self._route = route
        self._answer = route.fetch()

    def wait(self) -> None:
        until(self._page, lambda: self._answer, "There was no such request.")

    def settle(self) -> None:
        """Wait until the page waits for no other answer."""
        self._page.wait_for_timeout(20)  # meanwhile Playwright reports the page's new requests
        until(self._page, lambda: not in_flight.get(self._page, set()) - {self.request})

    def release(self) -> None:
        assert self._route
        assert self._answer
        self._route.fulfill(response=self._answer)


@contextmanager
def hold(page: Page, path: str, method: str = "GET") -> Iterator[Held]:
    """Hold the first answer for a path back until the block ends.

    Args:
        path: the end of the address, a pattern of a shell.
    """
    held = Held(page)

    def is_meant(address: str) -> bool:
        return fnmatch(address, f"*{path}")

    def ask(route: Route) -> None:
        if route.request.method == method and not held.is_taken:
            held.take(route)
        else:
            route.fallback()

    page.route(is_meant, ask)
    yield held
    held.release()
    page.unroute(is_meant, ask)
    until(page, lambda: not page.locator(".htmx-request").count())
