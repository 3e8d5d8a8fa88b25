"""A push service of our own, and browsers that subscribe to it and decrypt what they get (by `http_ece`)."""

import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from messaging.models import PushSubscription, Session, User
from messaging.models.inbox.push_notice import newest_notification
from messaging.models.people.push_subscription import subscribe
from messaging.pushing.service import PushNetwork

HOST = "127.0.0.1"


@dataclass
class Refusal:
    """What the service answers instead of 201.

    `hangs_up`: it takes the message, and says nothing. `hangs`: it answers only after `PushService.end`.
    """

    status: int = 500
    body: bytes = b""
    retry_after: str = ""
    hangs_up: bool = False
    hangs: bool = False


@dataclass
class Push:
    """A message that the service received, with its headers."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService(PushNetwork):
    """The service, and the network that reaches it: the product's, opened for this server alone."""

    port: int = 0
    ports: frozenset[int] = frozenset()
    received: list[Push] = field(default_factory=list)
    refusals: dict[str, Refusal] = field(default_factory=dict)  # by path
    connections: int = 0
    hanging: int = 0
    end: threading.Event = field(default_factory=threading.Event)
    scheme: str = "http"

    def is_allowed(self, address: str) -> bool:
        return address == HOST

    def resolve(self, host: str) -> list[str]:
        return [HOST]

    def url(self, path: str, host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"


@dataclass
class Browser:
    """A browser of a person, whose push subscription is at the path."""

    user: User
    path: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"0123456789abcdef"

    @property
    def public_key(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return encoded(point)

    def keys(self, service: PushService) -> tuple[str, str, str]:
        return service.url(self.path), self.public_key, encoded(self.secret)

    def subscribe(self, service: PushService, since: int | None = None) -> PushSubscription:
        session, _is_new = Session.objects.get_or_create(
            session_key=f"session{self.path[1:]}",
            defaults={"user": self.user, "session_data": "", "expire_date": "2100-01-01T00:00Z"},
        )
        newest = newest_notification() if since is None else since
        subscribe(self.user, session.session_key, self.keys(service), "Firefox", newest)
        return PushSubscription.objects.get(endpoint=service.url(self.path))

    def shown(self, service: PushService) -> list[dict[str, Any]]:
        """The notices that this browser got, in their order."""
        mine = [push for push in service.received if push.path == self.path]
        return [json.loads(self.decrypted(push.body)) for push in mine]

    def decrypted(self, body: bytes) -> bytes:
        content: bytes = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        return content


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextmanager
def served() -> Iterator[PushService]:
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            service.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            refusal = service.refusals.get(self.path)
            if refusal is None or refusal.hangs_up or refusal.hangs:
                service.received.append(Push(self.path, dict(self.headers), body))
            if refusal and refusal.hangs:
                service.hanging += 1
                service.end.wait()
            if refusal and refusal.hangs_up:
                self.close_connection = True
                return
            self.send_response(refusal.status if refusal else 201)
            if refusal and refusal.retry_after:
                self.send_header("Retry-After", refusal.retry_after)
            answer = refusal.body if refusal else b""
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    service.port = server.server_port
    service.ports = frozenset({service.port})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        service.end.set()
        server.shutdown()
        server.server_close()
