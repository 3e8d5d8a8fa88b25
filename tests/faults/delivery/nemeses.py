"""What is done to the servers while people talk."""

import random
from collections.abc import Callable

from tests.faults.delivery.history import History
from tests.faults.delivery.site import Site

Nemesis = Callable[[Site, random.Random, Callable[[float], object]], None]
DOWN_SECONDS = 0.5  # at most


def kill(site: Site, chance: random.Random, wait: Callable[[float], object]) -> None:
    """kill -9 of a server at any moment, which comes back a little later."""
    server = chance.choice(site.servers)
    server.kill()
    wait(chance.uniform(0, DOWN_SECONDS))
    server.start()


NEMESES: dict[str, Nemesis] = {"kill": kill}


def strike(name: str, site: Site, history: History, chance: random.Random, wait: Callable) -> None:
    """Let one of them do what it does once."""
    history.add("nemesis", what=name)
    NEMESES[name](site, chance, wait)
    history.add("nemesis", what=f"{name} is over")
