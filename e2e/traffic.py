"""What a page fetches from the server, as the browser's network log counts it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.waiting import until

STREAM = "/live/"
PICTURES = "/picture/"


@dataclass
class Fetch:
    """One request: the path of its URL, the bytes of the response's head and body, and its encoding."""

    path: str
    head_bytes: int = 0
    bytes: int = 0
    encoding: str = ""
    is_answered: bool = False
    is_finished: bool = False
    is_cached: bool = False

    @property
    def is_over(self) -> bool:
        """Whether all of it has come; a stream has no end."""
        return self.is_finished or (self.path == STREAM and self.is_answered)


class Traffic:
    """The requests of a tab, from now on."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._fetches: dict[str, Fetch] = {}
        log = page.context.new_cdp_session(page)
        log.send("Network.enable")
        log.on("Network.requestWillBeSent", self._sent)
        log.on("Network.requestServedFromCache", self._cached)
        log.on("Network.responseReceived", self._answered)
        log.on("Network.dataReceived", self._received)
        log.on("Network.loadingFinished", self._finished)

    def visit(self, path: str) -> list[Fetch]:
        """Load a page with its fonts, until its stream is open; all that was fetched, except pictures."""
        before = len(self._fetches)
        self._page.goto(path)
        until(lambda: self._is_complete(before), otherwise=f"Not everything came: {self._fetches}")
        fetches = list(self._fetches.values())[before:]
        return [one for one in fetches if not one.is_cached and PICTURES not in one.path]

    def _is_complete(self, before: int) -> bool:
        self._page.evaluate("() => document.fonts.ready.then(() => true)")  # lets events in, too
        fetches = list(self._fetches.values())[before:]
        return STREAM in [one.path for one in fetches] and all(one.is_over for one in fetches)

    def _sent(self, event: Any) -> None:
        self._fetches[event["requestId"]] = Fetch(urlsplit(event["request"]["url"]).path)

    def _cached(self, event: Any) -> None:
        self._fetches[event["requestId"]].is_cached = True

    def _answered(self, event: Any) -> None:
        fetch, response = self._fetches[event["requestId"]], event["response"]
        fetch.head_bytes = fetch.bytes = response["encodedDataLength"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        fetch.encoding = headers.get("content-encoding", "")
        fetch.is_cached = fetch.is_cached or response["fromDiskCache"]
        fetch.is_answered = True

    def _received(self, event: Any) -> None:
        self._fetches[event["requestId"]].bytes += event["encodedDataLength"]

    def _finished(self, event: Any) -> None:
        fetch = self._fetches[event["requestId"]]
        fetch.bytes, fetch.is_finished = event["encodedDataLength"], True
