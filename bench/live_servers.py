"""The servers that `bench.live` compares: Parley, nginx with its module nchan, and `bench.bare_streams`."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.commit_times import read_commit_times
from bench.generator import Generator
from bench.http_requests import TOKEN, NextRequest, send
from bench.installation import ROOT, serving

STREAMS_PER_PERSON = 5  # with more, the server ends the oldest
MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
NGINX = """
daemon off; master_process off; {user} load_module {module}; pid {folder}/pid; error_log stderr warn;
worker_rlimit_nofile {files}; events {{ worker_connections {files}; }}
http {{
    access_log off; keepalive_requests 1000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        nchan_channel_id room;
        location = /publish {{ nchan_publisher; nchan_message_buffer_length 1000; }}
        location = /stream {{ nchan_subscriber eventsource; nchan_subscriber_first_message newest; }}
    }}
}}
"""


@dataclass
class StreamServer:
    """A server with streams.

    Attributes:
        port: of this machine.
        pid: of its only process.
        stream_requests: as many requests for a stream as were asked for.
        next_publication: returns requests that publish a message to all streams.
        times: returns when each message was committed or, where nothing is stored, published.
    """

    port: int
    pid: int
    stream_requests: list[bytes]
    next_publication: NextRequest
    times: Callable[[Generator], dict[int, int]]


@contextmanager
def parley(streams: int) -> Iterator[StreamServer]:
    """One process of Parley, whose messages notify everybody else who has a stream."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        os.environ["BENCH_COMMITS"] = path = f"{folder}/commits"
        people = -(-streams // STREAMS_PER_PERSON)
        with serving(people, settings="bench.live_settings") as served:
            before = len(read_commit_times(path))

            def times(generator: Generator) -> dict[int, int]:
                committed = read_commit_times(path)[before:]
                if len(committed) != len(generator.arrivals):
                    raise RuntimeError(f"{len(committed)} commits, {len(generator.arrivals)} messages")
                return dict(zip(sorted(generator.arrivals), committed, strict=True))

            cookies = dict(cookie.split("=") for cookie in served.cookies[:1]) | {"parley_csrf": TOKEN}
            requests = [
                _stream_request(f"/live/?conversation={served.room}", cookie)
                for cookie in served.cookies
                for _ in range(STREAMS_PER_PERSON)
            ]
            publication = send(f"/conversations/{served.room}/send/", cookies)
            yield StreamServer(served.port, served.pid, requests[:streams], publication, times)


@contextmanager
def nchan(streams: int, module: Path, program: str, size: int) -> Iterator[StreamServer]:
    """One process of nginx with a channel, and messages of `size` bytes."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder, _listening() as free:
        port = free.getsockname()[1]
        free.close()
        user = "user root;" if os.geteuid() == 0 else ""
        text = NGINX.format(module=module, folder=folder, port=port, files=streams + 1000, user=user)
        Path(folder, "nginx.conf").write_text(text)
        with _running([program, "-c", f"{folder}/nginx.conf", "-p", folder]) as pid:
            _wait(port)
            yield _passing_on(port, pid, streams, size)


@contextmanager
def bare(streams: int, size: int) -> Iterator[StreamServer]:
    """`bench.bare_streams`, and messages of `size` bytes."""
    with _listening() as listening:
        number = listening.fileno()
        with _running([sys.executable, "-m", "bench.bare_streams", str(number)], number) as pid:
            yield _passing_on(listening.getsockname()[1], pid, streams, size)


def _passing_on(port: int, pid: int, streams: int, size: int) -> StreamServer:
    numbers = count(1)

    def publication() -> bytes:
        body = b'data: <li id="m-%d">' % next(numbers)
        body += b"x" * (size - len(body) - 2) + b"\n\n"
        return b"POST /publish HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    def times(generator: Generator) -> dict[int, int]:
        return dict(enumerate(generator.published, start=1))

    return StreamServer(port, pid, [_stream_request("/stream")] * streams, publication, times)


def _stream_request(path: str, cookie: str = "") -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream", f"Cookie: {cookie}"]
    return "\r\n".join([*lines, "", ""]).encode()


def _listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=1024)


@contextmanager
def _running(command: list[str], *sockets: int) -> Iterator[int]:
    with subprocess.Popen(command, cwd=ROOT, pass_fds=sockets) as process:
        try:
            yield process.pid
        finally:
            process.kill()  # it has nothing to write; nchan reports an error when it is asked to end


def _wait(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise RuntimeError("The server did not start.") from None
            time.sleep(0.05)
