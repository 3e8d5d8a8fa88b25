"""Who has a page open, here and in the other processes. It is in no database."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from typing import NamedTuple

from messaging.live.events import json_event

LINGER_SECONDS = 5.0  # who goes to another page is gone for a moment
EXPIRY_SECONDS = 12.0  # of what another process said, which says it again every few seconds
Sight = frozenset[int] | None  # `Visitor.sees`


class News(NamedTuple):
    came: set[int]
    left: set[int]

    def told_to(self, sees: Sight = None) -> bytes:
        """Nothing where nobody came or left whom they see."""
        came, left = _seen(self.came, sees), _seen(self.left, sees)
        return json_event("presence", {"came": came, "left": left}) if came or left else b""


class Presence:
    """`changed` is called when the people here are others than before, `news` then tells it to the pages."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._here: Counter[int] = Counter()
        self._elsewhere: dict[str, tuple[set[int], float]] = {}
        self._told: set[int] = set()

    @property
    def here(self) -> set[int]:
        return set(self._here)

    def everywhere(self) -> set[int]:
        now = asyncio.get_running_loop().time()
        self._elsewhere = {name: said for name, said in self._elsewhere.items() if said[1] > now}
        return self.here.union(*(people for people, _ in self._elsewhere.values()))

    def came(self, user_id: int) -> None:
        self._here[user_id] += 1
        if self._here[user_id] == 1:
            self._changed()

    def left(self, user_id: int) -> None:
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self._leave, user_id)

    def heard(self, process: str, people: Collection[int]) -> bool:
        """What another process says of itself. Whether it was not known before."""
        is_new = process not in self._elsewhere
        until = asyncio.get_running_loop().time() + EXPIRY_SECONDS
        self._elsewhere[process] = (set(people), until)
        return is_new

    def all(self, sees: Sight = None) -> bytes:
        return json_event("online", _seen(self._told | self.everywhere(), sees))

    def news(self) -> News:
        """Who came and who left since this was asked."""
        before, self._told = self._told, self.everywhere()
        return News(self._told - before, before - self._told)

    def _leave(self, user_id: int) -> None:
        self._here[user_id] -= 1
        if not self._here[user_id]:
            del self._here[user_id]
            self._changed()


def _seen(people: set[int], sees: Sight) -> list[int]:
    return sorted(people if sees is None else people & sees)
