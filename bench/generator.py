"""The load generator of `bench.live`: open streams, and messages that are published to them.

One thread reads all sockets. An event loop with a task for each stream would cost more than the server does.
"""

import re
import select
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterable

MESSAGE = re.compile(rb'id="m-(\d+)"')
LONGEST_MARK = 40  # bytes; an unfinished one at the end of what was received is completed by what follows
RECEIVED_AT_ONCE = 2**18
OPENED_AT_ONCE = 32  # streams, so that they do not exceed the server's queue
PATIENCE_SECONDS = 60


class Generator:
    """Open streams of one server.

    Attributes:
        arrivals: for each message, when it arrived at each stream (`time.monotonic_ns()`).
        deliveries: how many arrived altogether.
        received_bytes: by all streams.
        published: when each publication was sent.
        connected_publishers: connections for publications that are open.
    """

    def __init__(self, port: int) -> None:
        self.arrivals: dict[int, list[int]] = defaultdict(list)
        self.deliveries = self.received_bytes = 0
        self.published: list[int] = []
        self.streams = self.connected_publishers = 0
        self._port = port
        self._answered = 0
        self._poll = select.epoll()
        self._readers: dict[int, Callable[[], None]] = {}
        self._sockets: list[socket.socket] = []
        self._idle: list[socket.socket] = []  # connections for publications, without one at the moment

    def open(self, requests: Iterable[bytes]) -> None:
        """Open a stream for each of these requests, and wait until the server has answered all of them."""
        for request in requests:
            connection = self._connect()
            self._watch(connection, self._stream(connection))
            connection.sendall(request)
            self.streams += 1
            if self.streams % OPENED_AT_ONCE == 0:
                self.receive_until(lambda: self._answered == self.streams)
        self.receive_until(lambda: self._answered == self.streams)

    def publish(self, request: bytes) -> None:
        """Send the request over an idle connection, or a new one."""
        connection = self._idle.pop() if self._idle else self._publisher()
        self.published.append(time.monotonic_ns())
        connection.sendall(request)

    def receive_for(self, seconds: float) -> None:
        """Receive what arrives in this time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._receive(left)

    def receive_until(self, is_done: Callable[[], bool], patience: float = PATIENCE_SECONDS) -> None:
        """Receive until the condition is true.

        Raises:
            RuntimeError: it was not after `patience` seconds.
        """
        end = time.monotonic() + patience
        while not is_done():
            if time.monotonic() > end:
                raise RuntimeError(f"{self.deliveries} deliveries, and then nothing more for too long.")
            self._receive(0.1)

    def close(self) -> None:
        for connection in self._sockets:
            connection.close()
        self._poll.close()

    def _receive(self, timeout: float) -> None:
        for number, _ in self._poll.poll(timeout):
            self._readers[number]()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sockets.append(connection)
        return connection

    def _watch(self, connection: socket.socket, read: Callable[[], None]) -> None:
        self._readers[connection.fileno()] = read
        self._poll.register(connection, select.EPOLLIN)

    def _stream(self, connection: socket.socket) -> Callable[[], None]:
        rest, is_open = b"", False

        def read() -> None:
            nonlocal rest, is_open
            data = connection.recv(RECEIVED_AT_ONCE)
            now = time.monotonic_ns()
            if not data or (not is_open and not data.startswith(b"HTTP/1.1 200")):
                raise RuntimeError(f"A stream ended or was refused: {data[:300]!r}")
            self._answered += not is_open
            is_open = True
            self.received_bytes += len(data)
            data, end = rest + data, 0
            for found in MESSAGE.finditer(data):
                self.arrivals[int(found[1])].append(now)
                self.deliveries += 1
                end = found.end()
            rest = data[max(end, len(data) - LONGEST_MARK) :]

        return read

    def _publisher(self) -> socket.socket:
        connection = self._connect()
        received = b""

        def read() -> None:
            nonlocal received
            data = connection.recv(RECEIVED_AT_ONCE)
            if not data and connection in self._idle:  # the server closed it, since it was idle for long
                self._idle.remove(connection)
                self._poll.unregister(connection)
                self.connected_publishers -= 1
                return
            received += data
            head, found, body = received.partition(b"\r\n\r\n")
            if not data or (found and not head.startswith(b"HTTP/1.1 20")):
                raise RuntimeError(f"A publication was refused: {received[:300]!r}")
            length = re.search(rb"content-length: *(\d+)", head.lower())
            if found and len(body) >= int(length[1] if length else 0):
                received = b""
                self._idle.append(connection)

        self._watch(connection, read)
        self.connected_publishers += 1
        return connection
