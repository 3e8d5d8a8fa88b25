"""What a planted bug consists of."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tests.live.orders.planting import rewritten


class Change:
    """A function with parts of its source replaced.

    Args:
        place: the module that calls it, or the module and the class, "messaging.live.hub:Hub".
        name: of the function.
        parts: each right part of its source, with the wrong one.
    """

    def __init__(self, place: str, name: str, *parts: tuple[str, str]) -> None:
        self._place, self._name, self._parts = place, name, parts

    @property
    def is_in_tests(self) -> bool:
        """Whether it concerns the simulated page, and not the server."""
        return self._place.startswith("tests.")

    def plant(self, set_attribute: Callable[[Any, str, Any], object]) -> None:
        """Raises AssertionError if the function does not contain a right part exactly once."""
        module, _, owner_name = self._place.partition(":")
        owner: Any = import_module(module)
        if owner_name:
            owner = getattr(owner, owner_name)
        set_attribute(owner, self._name, rewritten(getattr(owner, self._name), *self._parts))


@dataclass(frozen=True)
class Bug:
    """A bug, and a run that shows it.

    Args:
        changes: of functions.
        laws: the names of laws of which it must break one.
        strikes: the nemeses of the run.
        servers: how many it needs.
        init_command: a part of what the server says to SQLite first, and what it says instead.
        at_start: is called when the server starts.
        prepare: code that changes the database before the servers start.
    """

    laws: frozenset[str] = frozenset()
    changes: tuple[Change, ...] = ()
    strikes: tuple[str, ...] = ()
    servers: int = 1
    init_command: tuple[str, str] | None = None
    at_start: Callable[[], None] | None = None
    prepare: str = ""

    @property
    def is_traced(self) -> bool:
        """Whether its run is traced by strace."""
        return "synced" in self.laws
