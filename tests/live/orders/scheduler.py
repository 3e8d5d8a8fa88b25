"""A scheduler that decides at each pause which task goes on."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tests.live.orders.calls import Call

Task = asyncio.Task[Any]
Choose = Callable[[Sequence[Task]], int]  # from the tasks that wait to the place of the one that goes on


class Pause(NamedTuple):
    name: str
    task: Task
    turn: asyncio.Future[None]


class Scheduler:
    """Lets one task go on at a time, until none waits any more.

    Args:
        choose: decides which one goes on, if several wait.
        in_detail: whether other tasks go on also between the queries of one reading, and not only before the
            reading and before its result arrives.
    """

    def __init__(self, choose: Choose, in_detail: bool) -> None:
        self.trace: list[str] = []
        self._choose = choose
        self._in_detail = in_detail
        self._pauses: list[Pause] = []

    async def pause(self, name: str) -> None:
        """Wait for one's turn. `name` stands in the trace."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task
        pause = Pause(name, task, loop.create_future())
        self._pauses.append(pause)
        await pause.turn

    async def read(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call the function as a thread of the database does. Between its queries it stops (`Call.stop`)."""
        name, call = function.__name__, Call(function, *args)
        await self.pause(f"{name} begins")
        if self._in_detail:
            call.go_on()
            while not call.is_over:
                await self.pause(call.stopped_at)
                call.go_on()
        else:
            call.finish()
        await self.pause(f"{name} is answered")
        return call.result()

    async def run(self) -> None:
        """Let the tasks go on, one at a time, until none waits at a pause."""
        while await self._settled():
            place = 0
            if len(self._pauses) > 1:
                place = self._choose([pause.task for pause in self._pauses])
            pause = self._pauses.pop(place)
            self.trace.append(pause.name)
            pause.turn.set_result(None)

    async def _settled(self) -> bool:
        """Wait until every task waits for something. Returns whether one of them is at a pause."""
        loop: Any = asyncio.get_running_loop()
        await asyncio.sleep(0)
        while loop._ready:
            await asyncio.sleep(0)
        self._pauses = [pause for pause in self._pauses if not pause.turn.cancelled()]
        return bool(self._pauses)
