"""Members of one room in each language, two of each, and what they are answered."""

import re
import sys
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper
from itertools import pairwise, permutations

from django.conf import settings
from django.core.cache import caches
from django.test import Client

from messaging.models import Conversation
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.views.page import Answer

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# Made anew for each answer.
TOKEN = re.compile(r"\b([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{64})\b")

Readers = dict[str, list[Client]]


def plain(answer: Answer) -> str:
    """An answer without its tokens."""
    return TOKEN.sub("", answer.getvalue().decode(errors="replace"))


def readers_of(room: Conversation, browser: Callable[..., Client]) -> Readers:
    """Two new members of the room for each language, signed in."""
    readers: Readers = {}
    for language in LANGUAGES:
        people = [UserFactory.create(username=f"{language}{number}", language=language) for number in (1, 2)]
        for person in people:
            add(room, person)
        readers[language] = [browser(person) for person in people]
    return readers


def orders(languages: list[str]) -> Iterator[list[str]]:
    """Orders in which each language comes first, and directly after each of the others.

    It is a Latin square that is balanced for what came before. For an odd number of languages that takes two
    squares, of which one is the other reversed.
    """
    count = len(languages)
    zigzag = [(step + 1) // 2 if step % 2 else -(step // 2) for step in range(count)]
    for steps in (zigzag, zigzag[::-1]) if count % 2 else (zigzag,):
        for start in range(count):
            yield [languages[(start + step) % count] for step in steps]


def are_balanced(of: list[list[str]]) -> bool:
    """Whether these orders are as `orders` promises."""
    followed = {pair for order in of for pair in pairwise(order)}
    return {order[0] for order in of} == set(of[0]) and followed == set(permutations(of[0], 2))


def forget_everything() -> None:
    """Empty the caches, and what functions of Parley keep in the process."""
    for alias in ("pages", "fragments"):
        caches[alias].clear()
    for name, module in list(sys.modules.items()):
        # Not of the streams: a process has one listener of wake-ups as long as it runs.
        if name.startswith("messaging.") and not name.startswith("messaging.live."):
            for kept in vars(module).values():
                if isinstance(kept, _lru_cache_wrapper):
                    kept.cache_clear()
