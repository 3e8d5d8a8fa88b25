"""Names, addresses and connections. A connection goes to an address that was checked, never to a name."""

import io
import queue
import selectors
import socket
import ssl
from contextlib import suppress
from functools import cached_property
from threading import Thread
from typing import Final

from messaging.fetching.addresses import is_of_this_machine, is_public
from messaging.fetching.budget import Budget
from messaging.fetching.errors import NotAllowed, NotFetched
from messaging.fetching.links import Target

MOST_ADDRESSES: Final = 3  # of one host that are tried


class Network:
    """The internet. Tests have their own, with other names and addresses."""

    ports = frozenset({80, 443})

    @cached_property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def resolve(self, host: str) -> list[str]:
        """The addresses of a name. Raises OSError, or UnicodeError for what cannot be a name."""
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return [str(address[0]) for *_, address in found]

    def is_allowed(self, address: str) -> bool:
        return is_public(address) and not is_of_this_machine(address)

    def connect(self, target: Target, budget: Budget) -> "Connection":
        """A connection to the host of a URL.

        Raises:
            NotAllowed: one of its addresses is not public.
            NotFetched: none can be reached in time, or its certificate is not for this host.
        """
        addresses = [target.host] if target.is_address else self._resolved(target.host, budget)
        if not all(map(self.is_allowed, addresses)):
            raise NotAllowed("not a public address")
        for address in addresses[:MOST_ADDRESSES]:
            with suppress(OSError):
                plain = socket.create_connection((address, target.port), timeout=budget.seconds_left())
                return Connection(self._secured(plain, target, budget), budget)
        raise NotFetched("no connection")

    def _secured(self, plain: socket.socket, target: Target, budget: Budget) -> socket.socket:
        if target.scheme == "http":
            return plain
        try:
            plain.settimeout(budget.seconds_left())
            return self.tls.wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise

    def _resolved(self, host: str, budget: Budget) -> list[str]:
        """The addresses of a name, asked once. In a thread, since the system's resolver has no time limit."""
        answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolve(host))
            except (OSError, UnicodeError):
                answers.put([])

        Thread(target=ask, name="resolver", daemon=True).start()
        try:
            found = answers.get(timeout=budget.seconds_left())
        except queue.Empty:
            found = []
        if not found:
            raise NotFetched("no such name")
        return list(dict.fromkeys(found))


class Connection:
    """A socket for `http.client`, with a limit for each byte and each wait."""

    def __init__(self, plain: socket.socket, budget: Budget) -> None:
        self._socket, self._budget = plain, budget

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self._budget.seconds_left())
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Received(self._socket, self._budget))

    def close(self) -> None:
        """`http.client` calls this when it has read the headers; `end` closes."""

    def end(self) -> None:
        self._socket.close()

    def has_input(self) -> bool:
        """Whether something arrived that nobody asked for: most often, that the other side hung up."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(0))


class _Received(io.RawIOBase):
    def __init__(self, plain: socket.socket, budget: Budget) -> None:
        self._socket, self._budget = plain, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._socket.settimeout(self._budget.seconds_left())
        number = self._socket.recv_into(buffer)
        self._budget.take_bytes(number)
        return number
