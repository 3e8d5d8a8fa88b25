"""Situations of push and mail, generated: what happens to a message and to the person whom it is for, at
which of the steps until they are told, and where a process dies. Each says what must come of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from messaging.models import Conversation, Message, User
from tests.situations import block_author, direct, leave_it, mention, mute, ordinary, pause_for_hours, reply

Change = Callable[[Message, User], object]


def look(message: Message, ben: User) -> None:
    ben.push_subscriptions.update(present_until=timezone.now() + timedelta(seconds=20))


def read(message: Message, ben: User) -> None:
    Message.unread_messages.mark_as_read_for_user(ben, [message.pk])


CHANGES: Final[dict[str, Change]] = {
    "edited": lambda message, ben: message.edit("changed for @ben"),
    "looks at a page": look,
    "quiet time": pause_for_hours,
}
ENDS: Final[dict[str, Change]] = {  # after each of these the person is told nothing
    "read": read,
    "removed": lambda message, ben: message.delete(),
    "muted": mute,
    "left": leave_it,
    "blocked": block_author,
}
KINDS: Final[list[Callable[[Conversation, User, User], Message]]] = [direct, mention, reply, ordinary]
STEPS: Final = ("sent", "found")  # when something happens: before, or after the loops have found the message
DIES: Final = (
    "nowhere",
    *("push found", "push claimed", "push sent"),
    *("mail found", "mail claimed", "mail sent"),
)


@dataclass(frozen=True)
class Generated:
    """`events` are (step, name), in their order; `dies` is the step after which a process is killed."""

    kind: Callable[[Conversation, User, User], Message]
    events: tuple[tuple[str, str], ...]
    dies: str

    def happens(self, step: str, message: Message, ben: User) -> None:
        for at, name in self.events:
            if at == step:
                (CHANGES | ENDS)[name](message, User.objects.get(pk=ben.pk))

    @property
    def names(self) -> set[str]:
        return {name for _step, name in self.events}

    @property
    def _is_for_them(self) -> bool:
        is_named = self.kind is not ordinary or "edited" in self.names
        return is_named and not self.names & ENDS.keys()

    @property
    def _is_found(self) -> bool:
        """Whether there is something to claim when the loops have looked once."""
        return self.kind is not ordinary or ("sent", "edited") in self.events

    @property
    def word(self) -> str:
        """The only word of the message that may be told."""
        return "changed" if "edited" in self.names else "planted"

    @property
    def pushes(self) -> int:
        """How many notices each device shows. While the person looks at a page none is claimed, so none is
        lost."""
        is_claimed = self._is_found and "looks at a page" not in self.names
        is_lost = self.dies == "push claimed" and is_claimed
        return int(self._is_for_them and "quiet time" not in self.names and not is_lost)

    @property
    def mails(self) -> int:
        """How many mails come. In quiet time nothing is claimed, so none is lost; the mail comes after it."""
        is_claimed = self._is_found and "quiet time" not in self.names
        is_lost = self.dies == "mail claimed" and is_claimed
        return int(self._is_for_them and not is_lost)

    def __str__(self) -> str:
        return f"{self.kind.__name__}, {self.events}, dies: {self.dies}"


def generate(number: int, seed: int) -> list[Generated]:
    """Different situations; with the same seed always the same."""
    chance, found = random.Random(seed), dict[Generated, None]()
    while len(found) < number:
        names = [name for name in CHANGES if chance.random() < 0.4]
        if chance.random() < 0.5:
            names.append(chance.choice(list(ENDS)))
        steps = sorted((chance.choice(STEPS) for _name in names), key=STEPS.index)
        events = tuple(zip(steps, names, strict=True))
        found[Generated(chance.choice(KINDS), events, chance.choice(DIES))] = None
    return list(found)
