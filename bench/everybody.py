"""Mentions of everybody in a large room whose members all have a browser with push notifications.

Measures how long other sends take, when the last notice is out, and the memory of `manage.py serve`. The
push service runs on this machine (`bench.pushing_server`). Ends with 1 if a request failed, or if a browser
got more or fewer notices than there were mentions.

    python -m bench.everybody --people 5000 --mentions 5
"""

import argparse
import asyncio
import os
import random
import socket
import sys
import time
from collections import Counter
from itertools import count
from uuid import uuid4

from bench.installation import Served, memory_of, serving
from bench.pushing_server import HOST, PORT_VARIABLE
from bench.visitors import Visitor, summary

PATIENCE_SECONDS = 600.0  # for the notices of one mention


class PushService:
    """Accepts every notice. `notices` counts them by the path of the browser."""

    def __init__(self) -> None:
        self.notices: Counter[str] = Counter()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
                await reader.readexactly(int(length))
                self.notices[head.split()[1].decode()] += 1
                writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()


def subscribe_all(served: Served, port: int) -> None:
    """A browser for each member but the first, who mentions the others."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from django.db import connections

    from messaging.models import PushSubscription, Session
    from messaging.models.db.base64url import encoded
    from messaging.models.db.tokens import hashed
    from messaging.models.inbox.push_notice import start_scanning

    newest = start_scanning()
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    public_key = encoded(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    first = served.cookies[0].partition("=")[2]
    sessions = Session.objects.exclude(session_key=first).values_list("session_key", "user_id")
    rows = []
    for key, user_id in sessions:
        endpoint = f"http://{HOST}:{port}/{user_id}"
        rows.append(
            PushSubscription(
                user_id=user_id,
                session_id=key,
                endpoint=endpoint,
                endpoint_hash=hashed(endpoint),
                public_key=public_key,
                secret=encoded(random.randbytes(16)),
                device="Bench",
                since=newest,
            )
        )
    PushSubscription.objects.bulk_create(rows, batch_size=500)
    connections.close_all()


async def keep_sending(visitors: list[Visitor], rate: float) -> None:
    """Send ordinary messages, so many a second."""
    under_way: set[asyncio.Future[None]] = set()
    start = time.monotonic()
    for number in count():
        await asyncio.sleep(max(0, start + number / rate - time.monotonic()))
        sent = asyncio.ensure_future(visitors[number % len(visitors)].send())
        under_way.add(sent)
        sent.add_done_callback(under_way.discard)


async def measure(
    served: Served, listening: socket.socket, options: argparse.Namespace
) -> tuple[list[str], bool]:
    """Returns what to print, and whether everything was as it should be."""
    mentions = options.mentions
    service, browsers = PushService(), len(served.cookies) - 1
    await asyncio.start_server(service.answer, sock=listening)
    failed: list[int] = []
    mentioning: list[float] = []
    sending: list[float] = []
    out: list[float] = []
    first = Visitor(served, served.cookies[0], mentioning, failed)
    others = [Visitor(served, cookie, sending, failed) for cookie in served.cookies[1:11]]
    path = f"/conversations/{served.room}/send/"
    early = Visitor(served, served.cookies[0], [], failed)
    await early.load("/up")  # answered when the server has begun
    await early.send()
    memory = [memory_of(served.pid)]
    chatter = asyncio.ensure_future(keep_sending(others, options.rate))
    for number in range(1, mentions + 1):
        start = time.monotonic()
        await first.post(path, content=f"@room {number}", client_id=str(uuid4()), group_mentions="1")
        while service.notices.total() < number * browsers and time.monotonic() < start + PATIENCE_SECONDS:
            await asyncio.sleep(0.02)
        out.append(time.monotonic() - start)
        memory.append(memory_of(served.pid))
    await asyncio.sleep(options.rest)
    if chatter.done():
        chatter.result()  # raises what went wrong
    chatter.cancel()
    memory.append(memory_of(served.pid))
    wrong = [number for number in service.notices.values() if number != mentions]
    missing = browsers - len(service.notices)
    lines = [
        summary("@room -> answered", mentioning),
        summary("other sends meanwhile -> answered", sending),
        f"until the last of {browsers} notices: {'  '.join(f'{seconds:.1f}' for seconds in out)} s",
        f"memory of the server: {'  '.join(f'{size:.0f}' for size in memory)} MB",
        f"requests: {len(failed)} failed",
        f"browsers: {missing} without a notice, {len(wrong)} with another number than {mentions}",
    ]
    return lines, not (failed or missing or wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--mentions", type=int, default=5)
    parser.add_argument(
        "--rate", type=float, default=2, help="other messages a second (default: %(default)s)"
    )
    parser.add_argument(
        "--rest",
        type=float,
        default=70,
        help="seconds until the notices are counted: what was sent is looked at again after a minute "
        "(default: %(default)s)",
    )
    options = parser.parse_args()
    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]
        os.environ |= {PORT_VARIABLE: str(port), "PARLEY_PUSH_CONTACT": "mailto:bench@example.org"}
        with serving(options.people, module="bench.pushing_server") as served:
            subscribe_all(served, port)
            lines, is_well = asyncio.run(measure(served, listening, options))
    print(*lines, sep="\n")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
