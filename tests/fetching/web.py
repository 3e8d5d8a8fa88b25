"""A small internet for tests: a web site on one loopback address, and what must not be reached on others."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

from messaging.fetching.addresses import is_public
from messaging.fetching.network import Network

PUBLIC = "127.0.0.9"  # stands for an address on the internet
INTERNAL = ("127.0.0.1", "::1")  # what only this machine can reach
Answer = bytes | Callable[[socket.socket], None]


def answer(
    body: bytes, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def page(title: str = "A page", more: str = "") -> bytes:
    return answer(f"<html><head><title>{title}</title>{more}</head><body>Words</body></html>".encode())


def redirect(to: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, Location=to)


@dataclass
class Web(Network):
    """The network as the program sees it.

    Attributes:
        port: of all servers, and allowed beside the usual ones.
        names: the addresses of each host name; a list of lists answers differently each time.
        pages: the answer for each path.
        requests: what the public server received, each with its headers.
        reached: connections to what must not be reached.
    """

    port: int = 0
    ports: frozenset[int] = Network.ports
    names: dict[str, list[str] | list[list[str]]] = field(default_factory=dict)
    pages: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def use_port(self, port: int) -> None:
        self.port, self.ports = port, Network.ports | {port}

    def resolve(self, host: str) -> list[str]:
        self.asked.append(host)
        answers = self.names.get(host, [])
        if answers and isinstance(answers[0], list):
            return answers.pop(0) if len(answers) > 1 else answers[0]
        return answers  # type: ignore[return-value]

    def is_allowed(self, address: str) -> bool:
        return address == PUBLIC or is_public(address)

    def url(self, path: str, host: str = "page.example") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def served() -> Iterator[Web]:
    """Servers on one port, of which only that of `PUBLIC` may be reached."""
    web = Web()
    web.names["page.example"] = [PUBLIC]
    with ExitStack() as stack:
        for address, listening in _on_one_port(stack).items():
            web.use_port(listening.getsockname()[1])
            threading.Thread(target=_serve, args=(listening, web, address), daemon=True).start()
        yield web


def _on_one_port(stack: ExitStack) -> dict[str, socket.socket]:
    """Sockets that listen at all addresses. Where a port is in use at one of them, another is tried."""
    for _ in range(100):
        with ExitStack() as tried, suppress(OSError):
            listening: dict[str, socket.socket] = {}
            port = 0
            for address in (PUBLIC, *INTERNAL):
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                listening[address] = one = tried.enter_context(socket.socket(family))
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind((address, port))
                one.listen(50)
                port = one.getsockname()[1]
            stack.push(tried.pop_all())
            return listening
    raise AssertionError("No port is free at all addresses.")


def _serve(listening: socket.socket, web: Web, address: str) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        if address != PUBLIC:
            web.reached.append(address)
            connection.close()
            continue
        threading.Thread(target=_answer, args=(connection, web), daemon=True).start()


def _answer(connection: socket.socket, web: Web) -> None:
    with connection, suppress(OSError):
        received = b""
        while b"\r\n\r\n" not in received and (block := connection.recv(4096)):
            received += block
        web.requests.append(received.decode("latin-1"))
        path = received.split(b" ", 2)[1].decode() if received.count(b" ") > 1 else ""
        found = web.pages.get(path, web.pages.get(path.partition("?")[0], answer(b"", "404 Not Found")))
        if callable(found):
            found(connection)
        else:
            connection.sendall(found)
