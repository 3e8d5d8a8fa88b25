"""What is done to servers, backends, connections and people while they talk."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.delivery.backends import Wait
from tests.faults.delivery.history import History
from tests.faults.delivery.listener import SILENCE_SECONDS
from tests.faults.delivery.member import Member
from tests.faults.delivery.proxy import Mode
from tests.faults.delivery.site import Site
from tests.waiting import PATIENCE_SECONDS

DOWN_SECONDS = 0.5  # at most
LOCKED_SECONDS = 10.0  # twice as long as a writer waits
HANGING_SECONDS = 6.0
SPOILED_SECONDS = 4.0
CONDITION_SECONDS = 8.0  # of which the start takes two
FROZEN_SECONDS = 6.0


@dataclass
class Stage:
    """All that a nemesis can reach; `wait` takes the number of seconds."""

    site: Site
    people: list[Member]
    history: History
    chance: random.Random
    wait: Wait


Nemesis = Callable[[Stage], None]


def kill(stage: Stage) -> None:
    """kill -9 of a server, which comes back a little later."""
    server = stage.chance.choice(stage.site.servers)
    server.kill()
    stage.wait(stage.chance.uniform(0, DOWN_SECONDS))
    server.start()


def _die(place: str) -> Nemesis:
    def die(stage: Stage) -> None:
        server = stage.chance.choice(stage.site.servers)
        server.stop()
        server.start(PARLEY_PLANTED=place)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not server.is_dead:
            if time.monotonic() > deadline:
                raise RuntimeError("The server did not die.")
            stage.wait(0.05)
        stage.wait(stage.chance.uniform(0, DOWN_SECONDS))
        server.start()

    return die


def _meet(condition: str) -> Nemesis:
    """A server meets one of `tests/faults/planted/conditions.py` for a while."""

    def meet(stage: Stage) -> None:
        server = stage.chance.choice(stage.site.servers)
        server.stop()
        server.start(PARLEY_PLANTED=condition)
        stage.wait(stage.chance.uniform(0, CONDITION_SECONDS))
        server.stop()
        server.start()

    return meet


def terminate(stage: Stage) -> None:
    """SIGTERM to one server after the other, as when a new version is deployed."""
    for server in stage.site.servers:
        server.stop()
        server.start()


def restore(stage: Stage) -> None:
    """As after a backup was restored: every page has to load its list again."""
    for server in stage.site.servers:
        server.stop()
    stage.site.mark_restored()
    for server in stage.site.servers:
        server.start()


def lock(stage: Stage) -> None:
    """Another process writes for long."""
    stage.site.sqlite.lock(LOCKED_SECONDS, stage.wait)


def crash_postgresql(stage: Stage) -> None:
    stage.site.postgresql.crash()


def stop_redis(stage: Stage) -> None:
    stage.site.redis.stop()
    stage.wait(HANGING_SECONDS)
    stage.site.redis.start()


def hang_redis(stage: Stage) -> None:
    stage.site.redis.hang(HANGING_SECONDS, stage.wait)


def flush_redis(stage: Stage) -> None:
    stage.site.redis.flush()


def _spoil(mode: Mode, at_least: float = 0.0) -> Nemesis:
    def spoil(stage: Stage) -> None:
        proxy = stage.chance.choice(stage.site.proxies)
        proxy.set_mode(mode)
        stage.wait(at_least + stage.chance.uniform(0, SPOILED_SECONDS))
        proxy.set_mode(Mode.PASS)

    return spoil


def freeze(stage: Stage) -> None:
    """Half of the tabs are frozen, like those of a laptop that was closed."""
    tabs = [tab for member in stage.people for tab in member.tabs]
    frozen = stage.chance.sample(tabs, len(tabs) // 2)
    for tab in frozen:
        tab.listener.freeze()
    stage.wait(stage.chance.uniform(0, FROZEN_SECONDS))
    for tab in frozen:
        tab.listener.wake()


def stall(stage: Stage) -> None:
    """A tab keeps its stream open, but does not read it."""
    tab = stage.chance.choice(stage.chance.choice(stage.people).tabs)
    tab.listener.stall()
    stage.wait(stage.chance.uniform(0, FROZEN_SECONDS))
    tab.listener.go_on()


def take_away(stage: Stage) -> None:
    """Somebody is removed from the room while others write, and is added again later."""
    member = stage.chance.choice(stage.people[1:])
    stage.site.remove(member.name, member.tabs[0].viewer, stage.wait)
    stage.history.add("membership", who=member.name, what="taken")
    member.go_away()
    stage.wait(stage.chance.uniform(0, SPOILED_SECONDS))
    stage.history.add("membership", who=member.name, what="given")
    stage.site.add(member.name, member.tabs[0].viewer, stage.wait)
    member.come_back()


def pause(stage: Stage) -> None:
    """A server stops for a while, as on a machine that swaps, and goes on."""
    server = stage.chance.choice(stage.site.servers)
    os.kill(server.process, signal.SIGSTOP)
    stage.wait(stage.chance.uniform(0, SPOILED_SECONDS))
    os.kill(server.process, signal.SIGCONT)


EVERYWHERE: dict[str, Nemesis] = {
    "die_before_commit": _die("it dies before the commit"),
    "die_after_commit": _die("it dies after the commit"),
    "die_before_answer": _die("it dies before the answer"),
    "turn_clock_back": _meet("the clock is an hour behind"),
    "kill": kill,
    "terminate": terminate,
    "restore": restore,
    "pause": pause,
    "freeze": freeze,
    "stall": stall,
    "take_away": take_away,
    "half_open": _spoil(Mode.BLACK_HOLE, at_least=SILENCE_SECONDS),
} | {mode.name.lower(): _spoil(mode) for mode in Mode if mode is not Mode.PASS}
ON_SQLITE = EVERYWHERE | {
    "lock": lock,
    "fill_disk": _meet("the disk is full"),
    "make_read_only": _meet("the database is read-only"),
}
ON_POSTGRESQL = EVERYWHERE | {
    "crash_postgresql": crash_postgresql,
    "stop_redis": stop_redis,
    "hang_redis": hang_redis,
    "flush_redis": flush_redis,
}


def strike(name: str, stage: Stage) -> None:
    """Let one of them do what it does once."""
    stage.history.add("nemesis", what=name)
    (ON_SQLITE | ON_POSTGRESQL)[name](stage)
    stage.history.add("nemesis", what=f"{name} is over")
