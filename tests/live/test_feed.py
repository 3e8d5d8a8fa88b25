"""A feed only moves forward, in whatever order the two reading threads finish, and sends everything once."""

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


def test_versions_older_than_the_changes_are_ignored(scene: Scene) -> None:
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
def test_a_state_that_changes_cannot_lead_to_causes_a_reset(
    scene: Scene, where: ConversationVersions, now: SiteVersions
) -> None:
    async def act() -> None:
        scene.found = Changes(where, now, b"canary")
        await scene.reach(where, now)
        assert scene.feed.connections == set()
        assert scene.feed.version == where.version

    assert run(scene, act) == [RESET]


def test_the_next_check_delivers_what_a_failed_read_missed(scene: Scene) -> None:
    async def act() -> None:
        scene.found = None  # makes the feed fail, because None has no versions
        await scene.reach(place(9))
        assert scene.feed.version == 4
        scene.found = Changes(place(9), NOW, b"up to 9")
        await scene.reach(place(9))

    assert [data for data in run(scene, act) if data] == [b"up to 9"]


class Slow:
    """Instead of the clock and of sleeping: writing to a stream takes `seconds`."""

    def __init__(self, scene: Scene, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.now = 0.0
        self.paused: list[float] = []
        self.meanwhile: list[ConversationVersions] = []
        self._scene, self._seconds, self._send, self._sleep = scene, seconds, scene._send, asyncio.sleep
        monkeypatch.setattr(module, "thread_time", lambda: self.now)
        monkeypatch.setattr(module, "sleep", self._pause)
        monkeypatch.setattr(scene, "_send", self._send_slowly)

    async def _send_slowly(self, message: dict[str, Any]) -> None:
        self.now += self._seconds
        await self._send(message)

    async def _pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.now += seconds
        for version in self.meanwhile:
            self._scene.feed.advance_to(version, NOW)
            await self._sleep(0)
        self.meanwhile = []


@pytest.mark.parametrize("committed", [[6], [6, 7], [6, 7, 8, 9]])
def test_what_is_committed_while_many_streams_are_written_is_sent_together(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, committed: list[int]
) -> None:
    slow = Slow(scene, monkeypatch, seconds=0.5)

    async def act() -> None:
        scene.found = Changes(place(5), NOW, b"5")
        slow.meanwhile = [place(version) for version in committed]
        scene.feed.advance_to(place(5), NOW)
        while not scene.got:
            await asyncio.sleep(0)
        scene.found = Changes(place(committed[-1]), NOW, b"the others")
        while scene.feed._task:
            await scene.feed._task

    assert run(scene, act) == [b"5", b"the others"]
    assert scene.asked.count("changes_since") == 2
    assert slow.paused == [0.5, 0.5]


@pytest.mark.parametrize("seconds", [0, 0.0001, 0.001])
def test_a_feed_with_few_streams_never_pauses(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    slow = Slow(scene, monkeypatch, seconds)

    async def act() -> None:
        for version in (5, 6, 7):
            scene.found = Changes(place(version), NOW, b"more")
            await scene.reach(place(version))

    assert run(scene, act) == [b"more"] * 3
    assert slow.paused == []
