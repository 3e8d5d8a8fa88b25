"""The body of a request: received completely, within limits of size and time, before a worker is used.

Otherwise a few clients that send slowly would keep all workers waiting, and half a form of a client that was
cut off would count as a whole one.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django.conf import settings
from django.db import Error, close_old_connections
from django.urls import Resolver404, resolve
from django.utils import timezone

from messaging.models import Session
from messaging.models.people.avatars import MAX_BYTES

Receive = Callable[[], Awaitable[dict[str, Any]]]

# 10,000 emoji, percent-encoded, are 120 KB.
MAX_FORM_BYTES: Final = 256 * 1024
# A picture that is a little too large is received, so that the form can say so.
MAX_UPLOAD_BYTES: Final = MAX_BYTES + 1024 * 1024
MAX_TOTAL_BYTES: Final = 1024 * 1024 * 1024  # of all bodies that are being received or used; most on the disk
MAX_BYTES_OF_CLIENT: Final = 256 * 1024 * 1024  # of one address, and of one person
# The names of the addresses to which forms send pictures, and those to which they send files of messages.
PICTURE_FORMS: Final = frozenset({"account", "site_settings", "site_emoji"})
FILE_FORMS: Final = frozenset({"message_send", "message_reply", "file_upload", "share", "share_to"})
DISCARDED_BYTES: Final = (
    4 * 1024 * 1024
)  # of a body that is too large: a client reads no answer before its end
IN_MEMORY_BYTES: Final = 64 * 1024  # more of one body is on the disk
FORM_SECONDS: Final = 30
UPLOAD_SECONDS: Final = 300


class Disconnected(Exception):
    """The client is gone, or ended before it had sent what it announced. Nothing is done."""


class RequestRejected(Exception):
    """The request is not handled. Has the HTTP status of the response."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class BodySpace:
    """How many bytes of bodies are held at the moment: in all, and for each client and person."""

    def __init__(self) -> None:
        self.total = 0
        self.by_client: Counter[str] = Counter()

    def take(self, size: int, clients: set[str]) -> None:
        """Raises RequestRejected where there is no space for so many bytes more."""
        if self.total + size > MAX_TOTAL_BYTES or any(
            self.by_client[client] + size > MAX_BYTES_OF_CLIENT for client in clients
        ):
            raise RequestRejected(503)
        self.total += size
        self.by_client.update(dict.fromkeys(clients, size))

    def give_back(self, size: int, clients: set[str]) -> None:
        self.total -= size
        self.by_client.subtract(dict.fromkeys(clients, size))
        self.by_client += Counter()  # drops those at 0


class RequestBody:
    """An async context manager: the body of one request as a file, from its first to its last byte.

    Raises:
        RequestRejected: it is too large (413) or too slow (408), or there is no space (503).
        Disconnected: it did not come completely.
    """

    def __init__(self, scope: dict[str, Any], receive: Receive, space: BodySpace, threads: Executor) -> None:
        self._scope = scope
        self._receive = receive
        self._space = space
        self._threads = threads
        self._clients = {str((scope.get("client") or [""])[0])}
        self._file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - closed by __aexit__
        self.size = 0

    async def __aenter__(self) -> "RequestBody":
        try:
            limit = await self._limit()
            seconds = UPLOAD_SECONDS if limit > MAX_FORM_BYTES else FORM_SECONDS
            async with asyncio.timeout(seconds):
                await self._receive_all(limit)
        except TimeoutError:
            self._close()
            raise RequestRejected(408) from None
        except BaseException:
            self._close()
            raise
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._close()

    @property
    def file(self) -> IO[bytes]:
        self._file.seek(0)
        return self._file

    async def _receive_all(self, limit: int) -> None:
        received, more, refused = 0, True, None
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            data, more = message.get("body", b""), message.get("more_body", False)
            received += len(data)
            if received > limit + DISCARDED_BYTES:
                break
            if received <= limit and not refused:
                try:
                    self._space.take(len(data), self._clients)
                except RequestRejected as full:
                    refused = full  # read on: a client reads no answer before its end
                    self._close()
                else:
                    self.size = received
                    self._file.write(data)
        if received > limit:
            raise RequestRejected(413)
        if refused:
            raise refused
        announced = _header(self._scope, b"content-length")
        if announced.isdigit() and int(announced) != received:
            raise Disconnected

    async def _limit(self) -> int:
        """How large the body may be. More than a form is for uploads of people who are signed in."""
        announced = _header(self._scope, b"content-length")
        is_small = announced.isdigit() and int(announced) <= MAX_FORM_BYTES
        largest = MAX_FORM_BYTES if is_small else _largest_body(self._scope)
        if largest == MAX_FORM_BYTES:
            return MAX_FORM_BYTES
        key = _session_key(self._scope)
        user_id = await asyncio.get_running_loop().run_in_executor(self._threads, _signed_in_user, key)
        if user_id is None:
            return MAX_FORM_BYTES
        self._clients.add(f"user {user_id}")
        return largest

    def _close(self) -> None:
        self._file.close()
        self._space.give_back(self.size, self._clients)
        self.size = 0


def _largest_body(scope: dict[str, Any]) -> int:
    """How large the body of a request to this address may be, from people who are signed in."""
    try:
        name = resolve(scope["path"]).url_name
    except Resolver404:
        return MAX_FORM_BYTES
    if name in FILE_FORMS and _header(scope, b"content-type").startswith("multipart/form-data"):
        return int(settings.MAX_FILE_BYTES) + 1024 * 1024  # so that the form can say what is too large
    return MAX_UPLOAD_BYTES if name in PICTURE_FORMS else MAX_FORM_BYTES


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin1") for key, value in scope["headers"] if key == name), "")


def _session_key(scope: dict[str, Any]) -> str:
    cookies = (cookie.strip().partition("=") for cookie in _header(scope, b"cookie").split(";"))
    return next((value for name, _, value in cookies if name == settings.SESSION_COOKIE_NAME), "")


def _signed_in_user(session_key: str) -> int | None:
    close_old_connections()
    try:
        sessions = Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now())
        return sessions.filter(user__is_active=True).values_list("user_id", flat=True).first()
    except Error:
        return None  # the upload is refused as too large; pages say that the database has failed
    finally:
        close_old_connections()
