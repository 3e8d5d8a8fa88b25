"""A feed goes forward, whatever order the two reading threads answer in, and writes once to each reader."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from messaging.live import feed as module
from messaging.live.authorization import Visitor
from messaging.live.connection import Connection
from messaging.live.feed import Feed
from messaging.live.payload import Changes
from messaging.live.sse_format import REMOVED, RESET
from messaging.live.versions import ConversationVersions, SiteVersions

NOW = SiteVersions("epoch", 3, 5)


def place(version: int, reset: int = 0, members: int = 0) -> ConversationVersions:
    return ConversationVersions(version, reset, members, "garden")


class Scene:
    """A feed at version 4 with one reader, and what the database would answer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.got: list[bytes] = []
        self.asked: list[str] = []
        self.found: Any = None
        self.members = {1}
        monkeypatch.setattr(module, "read", self._read)

    def begin(self) -> None:
        self.feed = Feed(7, Changes(place(4), NOW), self._check, lambda: None)
        self.reader = Connection(self._send, Visitor("key", 1, "hash", 0))
        self.reader.conversation_id, self.reader.version = 7, 4
        self.feed.connections.add(self.reader)

    async def reach(self, where: ConversationVersions, now: SiteVersions = NOW) -> None:
        self.feed.advance_to(where, now)
        while self.feed._task:
            await self.feed._task

    async def _send(self, message: dict[str, Any]) -> None:
        self.got.append(message["body"])

    async def _read(self, question: Callable[..., Any], *arguments: Any) -> Any:
        self.asked.append(question.__name__)
        await asyncio.sleep(0)
        return self.members if question.__name__ == "members_among" else self.found

    async def _check(self, site: SiteVersions) -> None:
        self.asked.append("sessions")


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


def run(scene: Scene, act: Callable[[], Coroutine[Any, Any, None]]) -> list[bytes]:
    async def play() -> None:
        scene.begin()
        await act()

    asyncio.run(play())
    return scene.got


def test_numbers_that_were_read_earlier_than_the_changes_are_no_loss(scene: Scene) -> None:
    async def act() -> None:
        scene.found = Changes(place(9), NOW, b"up to 9")
        await scene.reach(place(6))
        await scene.reach(place(7), SiteVersions("epoch", 3, 4))
        assert scene.feed.version == 9

    assert [data for data in run(scene, act) if data] == [b"up to 9"]


def test_rights_are_read_after_the_changes_and_before_they_are_written(scene: Scene) -> None:
    async def act() -> None:
        scene.found = Changes(place(9, members=8), NOW, b"canary")
        scene.members = set()
        await scene.reach(place(6))

    assert run(scene, act) == [REMOVED]
    assert scene.asked == ["changes_since", "sessions", "members_among"]


def test_stream_opened_at_the_newest_version_gets_nothing_twice(scene: Scene) -> None:
    async def act() -> None:
        scene.found = Changes(place(9), NOW, b"up to 9")
        scene.reader.version = 9
        await scene.reach(place(9))

    assert [data for data in run(scene, act) if data] == []


@pytest.mark.parametrize(
    ("where", "now"),
    [
        (place(9, reset=8), NOW),
        (place(9), NOW._replace(people_version=4)),
        (place(9), NOW._replace(epoch="another")),
        (place(1), NOW._replace(epoch="another")),
        (place(4), NOW._replace(people_version=4)),
    ],
)
def test_what_no_change_leads_to_is_a_reset(
    scene: Scene, where: ConversationVersions, now: SiteVersions
) -> None:
    async def act() -> None:
        scene.found = Changes(where, now, b"canary")
        await scene.reach(where, now)
        assert scene.feed.connections == set()
        assert scene.feed.version == where.version

    assert run(scene, act) == [RESET]


def test_a_failure_is_made_up_by_the_next_look(scene: Scene) -> None:
    async def act() -> None:
        scene.found = None  # as good as an exception: it has no numbers
        await scene.reach(place(9))
        assert scene.feed.version == 4
        scene.found = Changes(place(9), NOW, b"up to 9")
        await scene.reach(place(9))

    assert [data for data in run(scene, act) if data] == [b"up to 9"]
