"""A page with a stream: what it showed when it was loaded, and what it has received since then."""

import re
from types import SimpleNamespace
from typing import Any

from django.conf import settings

from messaging.live import endpoint
from messaging.live.connection import Connection
from messaging.live.cursor import Cursor
from messaging.live.sse_format import REMOVED, RESET, SIGNED_OUT
from messaging.models.db.refusals import Refused
from tests.live.orders.site import ROOM, FakeSite


class Page:
    """The page of a person; of the room, or of their inbox."""

    def __init__(self, site: FakeSite, user_id: int, is_room: bool = True) -> None:
        self.user_id = user_id
        self.received = b""
        self.refused: int | None = None
        self.connection: Connection | None = None
        self._site = site
        self._is_room = is_room

    def load(self) -> None:
        """What the server renders."""
        self.cursor = self._site.cursor
        self._loaded = set(self._site.messages)

    async def open(self) -> None:
        """Open the stream, as the browser does after the page was loaded."""
        cursor = self.cursor if self._is_room else Cursor(*self.cursor[:2], 0)
        request: Any = SimpleNamespace(
            headers={}, GET={"cursor": str(cursor)}, COOKIES={settings.SESSION_COOKIE_NAME: str(self.user_id)}
        )
        try:
            self.connection = await endpoint._open(request, ROOM if self._is_room else None, self._send)
        except Refused as refused:
            self.refused = refused.status
        self._admitted_after = self._site.admitted_after.get(self.user_id)

    @property
    def is_open(self) -> bool:
        return self.connection is not None and not self.connection.is_over

    @property
    def messages(self) -> set[int]:
        return self._loaded | {int(one) for one in re.findall(rb"message (\d+);", self.received)}

    async def _send(self, message: dict[str, Any]) -> None:
        self.received += message.get("body", b"")

    def faults(self) -> list[str]:
        """Which laws do not hold, after everybody has finished and the hub has looked again."""
        site, who = self._site, f"person {self.user_id}"
        is_signed_in = str(self.user_id) in site.sessions
        may_read = is_signed_in and (self.user_id in site.members or not self._is_room)
        until = site.left_at.get(self.user_id)
        found = []
        if until is not None and any(one > until for one in self.messages):
            found.append(f"{who} got a message after they had left")
        if self.refused == 503 and site.versions.epoch == self.cursor.epoch:  # or it comes back in a moment
            found.append(f"{who} was not let in")
        if not self.connection:
            return found
        has_left_since = self._admitted_after != site.departures[self.user_id]
        if may_read and not has_left_since and (REMOVED in self.received or SIGNED_OUT in self.received):
            found.append(f"the stream of {who}, who may read, was ended")
        if not may_read and self.is_open and RESET not in self.received:
            found.append(f"the stream of {who}, who may not read any more, is open")
        if may_read and self.is_open:
            found += self._missed(who)
        return found

    def _missed(self, who: str) -> list[str]:
        site = self._site
        renamed = self.cursor[:2] != self._site.cursor[:2]
        if not self._is_room:
            is_told = f'"names":"{site.versions.names}"'.encode() in self.received
            return [f"{who} was not told of a rename"] if renamed and not is_told else []
        if RESET in self.received:
            return []
        found = [f"{who} was not told of a rename"] if renamed else []
        if missing := set(self._site.messages) - self.messages:
            found.append(f"{who} never gets {sorted(missing)}")
        return found
