"""Requests to push services. Browsers name the addresses: the guard of `messaging.fetching` checks them."""

import http.client
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from django.utils import timezone

from messaging.fetching.budget import Budget
from messaging.fetching.errors import NotAllowed, NotFetched
from messaging.fetching.links import Target, target_of
from messaging.fetching.network import Connection, Network

SECONDS: Final = 10.0  # of one request
MAX_ANSWER_BYTES: Final = 64 * 1024
KEPT_CONNECTIONS: Final = 8  # of one client; push services are few
REASON_LENGTH: Final = 60

# The push services of Chromium, Firefox, Safari and Edge. Any other host may be a member's own.
KNOWN_SERVICES: Final = ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com")
KNOWN_DOMAIN: Final = ".notify.windows.com"


class PushNetwork(Network):
    """The internet, for push services: https on its own port only."""

    ports = frozenset({443})
    scheme: str = "https"


@dataclass(frozen=True)
class Answer:
    """What a push service answered.

    `status` is 0 if it certainly got nothing, and -1 if it may have got it. `reason` is its own word for it,
    such as "BadJwtToken"; `retry_after` is in seconds, 0 if it does not say.
    """

    status: int
    reason: str = ""
    retry_after: float = 0

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


NOT_SENT, MAY_BE_SENT = 0, -1


class PushClient:
    """Sends one request after the other, and keeps its connections. For one thread."""

    def __init__(self, network: PushNetwork) -> None:
        self._network = network
        self._open: dict[tuple[str, int], tuple[Connection, http.client.HTTPConnection, Budget]] = {}

    def post(self, url: str, body: bytes, headers: dict[str, str], seconds: float = SECONDS) -> Answer:
        """Send a request, and return the answer. Never raises for what the other side does."""
        try:
            target = checked(url, self._network)
            client = self._connected(target, seconds)
        except NotFetched as error:
            return Answer(NOT_SENT, str(error))
        except (OSError, ValueError) as error:
            return Answer(NOT_SENT, type(error).__name__)
        try:
            client.request("POST", target.path, body, headers)
            with client.getresponse() as answer:
                answered = Answer(answer.status, _reason(answer), _retry_after(answer))
                is_over = client.sock is None or not answer.isclosed()
        except (OSError, http.client.HTTPException, NotFetched, ValueError) as error:
            self._drop(target)
            return Answer(MAY_BE_SENT, type(error).__name__)
        if is_over:
            self._drop(target)
        return answered

    def close(self) -> None:
        for connection, _client, _budget in self._open.values():
            connection.end()
        self._open.clear()

    def _connected(self, target: Target, seconds: float) -> http.client.HTTPConnection:
        key = (target.host, target.port)
        if (kept := self._open.get(key)) and not kept[0].has_input():
            kept[2].begin_again(MAX_ANSWER_BYTES)
            return kept[1]
        self._drop(target)
        while len(self._open) >= KEPT_CONNECTIONS:
            self._open.pop(next(iter(self._open)))[0].end()
        budget = Budget(seconds, MAX_ANSWER_BYTES)
        connection = self._network.connect(target, budget)
        client = http.client.HTTPConnection(target.host, target.port)
        client.default_port = 443  # for the header Host
        client.sock = connection
        client.auto_open = 0
        self._open[key] = connection, client, budget
        return client

    def _drop(self, target: Target) -> None:
        if kept := self._open.pop((target.host, target.port), None):
            kept[0].end()


def is_of_known_service(endpoint: str) -> bool:
    """Whether the endpoint is one of a browser maker's push service, which no member can imitate."""
    host = urlsplit(endpoint).hostname or ""
    return host in KNOWN_SERVICES or host.endswith(KNOWN_DOMAIN)


def checked(url: str, network: PushNetwork) -> Target:
    """The parts of an endpoint. Raises NotAllowed: it is not https on its usual port, or malformed."""
    target = target_of(url, network.ports)
    if target.scheme != network.scheme:
        raise NotAllowed("not https")
    return target


def _reason(answer: http.client.HTTPResponse) -> str:
    """A word of the answer that says why: Apple's {"reason": "BadJwtToken"}. No more of it is kept."""
    body = b""
    while len(body) < MAX_ANSWER_BYTES // 2 and (block := answer.read(4096)):
        body += block
    if answer.status < 300:
        return ""
    text = body.decode("utf-8", "replace")
    found = text.partition('"reason"')[2].partition('"')[2].partition('"')[0]
    return found[:REASON_LENGTH] if found.isascii() and found.isalnum() else ""


def _retry_after(answer: http.client.HTTPResponse) -> float:
    """Seconds, from a number or a date."""
    value = (answer.headers.get("Retry-After") or "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, (parsedate_to_datetime(value) - timezone.now()).total_seconds())
    except (TypeError, ValueError):
        return 0.0
