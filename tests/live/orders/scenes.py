"""What happens at the same time: a process looks for changes, people come back, others write and leave."""

import asyncio
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from unittest import mock

from messaging.live import endpoint, feed, hub, opening, people
from messaging.live.hub import Hub
from messaging.live.wakeups import Wakeup
from tests.live.orders.page import Page
from tests.live.orders.scheduler import Choose, Scheduler
from tests.live.orders.site import ROOM, FakeSite

Act = Callable[[FakeSite], None]


@dataclass(frozen=True)
class Scene:
    """Somebody has a stream, person 2 opens one.

    Args:
        before: what has happened, but the process has not looked yet.
        acts: what others do at the same time, one after the other.
        first: who has a stream.
        everybody_was_reset: no stream in the process gets messages any more.
        is_room: whether person 2's page is that of the room, or of their inbox.
        is_small: whether there are few enough orders to try all of them in a second or two.
    """

    before: tuple[Act, ...] = ()
    acts: tuple[Act, ...] = ()
    first: int = 1
    everybody_was_reset: bool = False
    is_room: bool = True
    is_small: bool = False


SCENES = {
    "somebody leaves and somebody writes": Scene(
        (lambda site: site.leave(3),), (FakeSite.send,), everybody_was_reset=True
    ),
    "somebody writes": Scene((FakeSite.send,), (FakeSite.send,), is_small=True),
    "a person is renamed": Scene((), (FakeSite.rename,), is_small=True),
    "a person is renamed while others are signed out": Scene(
        (lambda site: site.sign_out(3), FakeSite.rename), (FakeSite.rename,), is_small=True
    ),
    "a person is renamed, an inbox opens": Scene(
        (FakeSite.rename,), (FakeSite.rename,), is_room=False, is_small=True
    ),
    "the newcomer is signed out": Scene((FakeSite.send,), (lambda site: site.sign_out(2), FakeSite.send)),
    "the newcomer is removed": Scene((FakeSite.send,), (lambda site: site.leave(2), FakeSite.send)),
    "the newcomer is removed and added again": Scene(
        (lambda site: site.leave(2),), (lambda site: site.add(2), FakeSite.send), first=2
    ),
    "messages are deleted": Scene((FakeSite.send,), (FakeSite.reset, FakeSite.send)),
    "everybody is signed out while somebody writes": Scene(
        (lambda site: site.sign_out(1), FakeSite.send), (lambda site: site.sign_out(2), FakeSite.send)
    ),
    "a backup is restored": Scene((FakeSite.send,), (FakeSite.restore_backup,)),
}

AT_ONCE = {"unread_and_site"}  # in which nothing else happens


def play(scene: Scene, choose: Choose, in_detail: bool) -> list[str]:
    """Play the scene in one order.

    Args:
        in_detail: with pauses between the queries of a reading, and with a wake-up after each act. Without
            them there are few enough orders to try them all.

    Returns:
        What went wrong, and after it the order in which it did.
    """
    return asyncio.run(_Stage(scene, Scheduler(choose, in_detail), in_detail).play())


def first_fault(scene: Scene, orders: Iterable[Choose], in_detail: bool = False) -> list[str]:
    """What goes wrong in the first of these orders in which something does; empty if nothing ever does."""
    return next((found for choose in orders if (found := play(scene, choose, in_detail))), [])


class _Stage:
    def __init__(self, scene: Scene, scheduler: Scheduler, in_detail: bool) -> None:
        self._scene, self._scheduler, self._in_detail = scene, scheduler, in_detail
        self._site = FakeSite()

    async def play(self) -> list[str]:
        site = self._site
        with (
            mock.patch.multiple(hub, read=self._read, read_versions=site.read_versions),
            mock.patch.multiple(hub, signed_out=site.signed_out, TICK_SECONDS=1e6, BEAT_SECONDS=1e6),
            mock.patch.multiple(feed, read=self._read, changes_since=site.changes_since),
            mock.patch.multiple(feed, members_among=site.members_among, LONG_SECONDS=math.inf),
            mock.patch.multiple(people, read=self._read, _unread_and_site=site.unread_and_site),
            mock.patch.multiple(people, PAUSE_SECONDS=0),
            mock.patch.multiple(opening, site_versions=site.site_versions, visitor_of=site.visitor_of),
            mock.patch.multiple(opening, _versions_for=site.versions_for, changes_since=site.changes_since),
            mock.patch.multiple(endpoint, read=self._read, _headers=lambda *arguments: []),
            mock.patch.object(endpoint, "language_of_browser", return_value=""),
        ):
            return await self._play()

    async def _play(self) -> list[str]:
        site, scene = self._site, self._scene
        self._hub = Hub.current()
        first, newcomer = Page(site, scene.first), Page(site, 2, scene.is_room)
        self._is_prelude = True
        first.load()
        await first.open()
        await self._scheduler.run()
        if scene.everybody_was_reset:
            self._hub.feeds[ROOM, ""].reset()
        newcomer.load()
        for act in scene.before:
            act(site)
        self._is_prelude = False
        self._wake()
        tasks = [asyncio.ensure_future(newcomer.open()), asyncio.ensure_future(self._act())]
        await self._scheduler.run()
        self._is_prelude = True
        for _ in range(2):
            await self._hub._round(is_tick=True)
            await self._scheduler.run()
        await asyncio.gather(*tasks)
        found = first.faults() + newcomer.faults()
        found += await self._faults_with_another_database([first, newcomer])
        self._hub.close()
        return [*found, *self._scheduler.trace] if found else []

    async def _faults_with_another_database(self, pages: list[Page]) -> list[str]:
        """Everybody leaves, a backup is restored, and somebody comes."""
        for page in pages:
            if page.connection:
                self._hub.leave(page.connection)
        await self._scheduler.run()
        self._site.restore_backup()
        last = Page(self._site, 3)
        self._site.sessions.add("3")
        self._site.members.add(3)
        last.load()
        await last.open()
        return ["nobody is let in any more"] if last.refused else []

    async def _act(self) -> None:
        for act in self._scene.acts:
            await self._scheduler.pause("act")
            act(self._site)
            if self._in_detail:
                self._wake()

    def _wake(self) -> None:
        self._hub.wake(Wakeup(frozenset({ROOM}), frozenset(), installation=True))

    async def _read(self, function: Callable, *arguments: object) -> object:
        if self._is_prelude or function.__name__ in AT_ONCE:
            return function(*arguments)
        return await self._scheduler.read(function, *arguments)
