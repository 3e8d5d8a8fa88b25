"""Fetching one page or picture: the requests, the redirects, and the bounds of what is received."""

import http.client
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from messaging.fetching.budget import Budget
from messaging.fetching.errors import NotAllowed, NotFetched
from messaging.fetching.links import DEFAULT_PORTS, Target, joined, target_of
from messaging.fetching.network import Network

USER_AGENT: Final = "Parley (link previews)"
MAX_REDIRECTS: Final = 3
MAX_HEADER_BYTES: Final = 32 * 1024  # of one answer
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BLOCK: Final = 16 * 1024


@dataclass(frozen=True)
class Wanted:
    """What is fetched, and how much of it.

    Attributes:
        kind: how the content type begins.
        max_bytes: as they are received; and once more, when they are unpacked.
        may_be_cut: whether the beginning is enough.
        seconds: for everything.
    """

    kind: str
    max_bytes: int
    may_be_cut: bool
    seconds: float


PAGE: Final = Wanted("text/html", 512 * 1024, may_be_cut=True, seconds=5)
PICTURE: Final = Wanted("image/", 4 * 1024 * 1024, may_be_cut=False, seconds=4)


@dataclass(frozen=True)
class Fetched:
    """What was received. `url` is where it was in the end; `charset` is what its server says, or empty."""

    url: str
    body: bytes
    charset: str


def fetch(url: str, wanted: Wanted, network: Network) -> Fetched:
    """Fetch what is at a URL.

    Raises:
        NotAllowed: a URL or an address on the way is not allowed, or the answer is not what is wanted.
        NotFetched: the server cannot be reached, is too slow, or answers with a fault of its own.
    """
    budget = Budget(wanted.seconds)
    try:
        for _ in range(1 + MAX_REDIRECTS):
            target = target_of(url, network.ports)
            with _answer(target, wanted, network, budget) as answer:
                if answer.status not in _REDIRECTS:
                    body = _body(answer, wanted, budget)
                    return Fetched(url, body, answer.headers.get_content_charset(""))
                # Headers are read as Latin-1. What is not ASCII in an address is UTF-8.
                location = answer.headers.get("Location", "")
                url = joined(url, location.encode("latin-1").decode(errors="replace"))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched(type(error).__name__) from None
    raise NotAllowed("too many redirects")


@contextmanager
def _answer(
    target: Target, wanted: Wanted, network: Network, budget: Budget
) -> Iterator[http.client.HTTPResponse]:
    """The answer to a GET, with its headers read. Nothing goes along that says who asks, and for whom."""
    connection = network.connect(target, budget)
    try:
        client = http.client.HTTPConnection(target.host, target.port)
        client.default_port = DEFAULT_PORTS[target.scheme]  # for the header Host
        client.sock = connection  # so it neither resolves nor connects
        client.auto_open = 0
        budget.bytes_left = MAX_HEADER_BYTES
        accept = "text/html" if wanted is PAGE else "image/webp,image/png,image/jpeg,image/gif"
        headers = {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": "gzip"}
        client.request("GET", target.path, headers={**headers, "Connection": "close"})
        with client.getresponse() as answer:
            yield answer
    finally:
        connection.end()


def _body(answer: http.client.HTTPResponse, wanted: Wanted, budget: Budget) -> bytes:
    if answer.status != 200:
        if answer.status >= 500 or answer.status in (408, 425, 429):
            raise NotFetched("not now")
        raise NotAllowed("no such page")
    if not answer.headers.get_content_type().startswith(wanted.kind):
        raise NotAllowed("another type")
    most = wanted.max_bytes
    budget.bytes_left = 2 * most + MAX_HEADER_BYTES  # chunks have frames of their own
    received = bytearray()
    while len(received) <= most and (block := answer.read(min(_BLOCK, most + 1 - len(received)))):
        received += block
    body = _unpacked(bytes(received[: most + 1]), answer.headers.get("Content-Encoding", ""), most)
    if max(len(body), len(received)) > most and not wanted.may_be_cut:
        raise NotAllowed("too many bytes")
    return body[:most]


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """At most one byte more than `most`."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise NotAllowed("another encoding")
    try:
        return zlib.decompressobj(wbits=31).decompress(body, most + 1)
    except zlib.error:
        raise NotAllowed("not gzip") from None
