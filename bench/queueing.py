"""A simulation of people who send requests to some processes with one database. All times are in seconds."""

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Station:
    """Servers with one queue, such as the cores of a database: first come, first served."""

    servers: int = 1
    busy: float = 0  # seconds of all servers together
    _free_at: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self._free_at = [0.0] * self.servers

    def serve(self, arrival: float, work: float) -> float:
        """When work that arrives at this time is done. Arrivals come in the order of their times."""
        start = max(arrival, heapq.heappop(self._free_at))
        heapq.heappush(self._free_at, start + work)
        self.busy += work
        return start + work


@dataclass
class Act:
    """A kind of request: how many a second, the work of a process, then that of the database.

    If nobody waits for it, it only keeps others waiting.
    """

    rate: float
    server: float
    database: float = 0
    is_awaited: bool = True


def closed(work: float, clients: int, seconds: float) -> list[float]:
    """Clients of one process, each of which sends a request as soon as it has a response.

    Returns:
        how long each response took.
    """
    process = Station()
    waiting = [0.0] * clients
    took = []
    while (sent := heapq.heappop(waiting)) < seconds:
        done = process.serve(sent, work)
        took.append(done - sent)
        heapq.heappush(waiting, done)
    return took


def opened(
    acts: Sequence[Act], processes: int, database_cores: int, seconds: float, seed: int = 1
) -> list[float]:
    """Requests that come at random times (Poisson), each to a process that is chosen at random.

    Returns:
        how long each response took that somebody waited for.
    """
    dice = random.Random(seed)
    stations = [Station() for _ in range(processes)]
    database = Station(database_cores)
    total = sum(act.rate for act in acts)
    time = 0.0
    at_database: list[tuple[float, float, Act]] = []
    while (time := time + dice.expovariate(total)) < seconds:
        act = dice.choices(acts, [act.rate for act in acts])[0]
        done = dice.choice(stations).serve(time, act.server)
        at_database.append((done, time, act))
    # No request goes back from the database to a process, so the database can be looked at afterwards.
    took = []
    for done, sent, act in sorted(at_database, key=lambda one: one[0]):
        answered = database.serve(done, act.database)
        if act.is_awaited:
            took.append(answered - sent)
    return took


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values is."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
