"""Ways to choose which task goes on: all of them in turn, or random ones by seed."""

from collections.abc import Iterator, Sequence
from random import Random

from tests.live.orders.scheduler import Choose, Task

STEPS = 40  # about as many as a run has
CHANGES = 3


def every_order() -> Iterator[Choose]:
    """One for each run, until all orders have been tried: a depth-first search that starts again."""
    path: list[tuple[int, int]] = []  # (what was chosen, out of how many)
    while True:
        depth = 0

        def choose(tasks: Sequence[Task]) -> int:
            nonlocal depth
            if depth == len(path):
                path.append((0, len(tasks)))
            chosen, before = path[depth]
            assert before == len(tasks), "The scene is not the same in each run."
            depth += 1
            return chosen

        yield choose
        while path and path[-1][0] + 1 == path[-1][1]:
            path.pop()
        if not path:
            return
        path[-1] = (path[-1][0] + 1, path[-1][1])


def seeded_orders(runs: int) -> Iterator[Choose]:
    """One for each of a number of random runs, the same ones each time."""
    for seed in range(runs):
        yield by_priorities(Random(seed))


def by_priorities(random: Random) -> Choose:
    """The task with the highest priority goes on. Priorities are random, and at a few random moments the one
    that would go on falls behind all others.

    This finds a fault that needs few such moments far sooner than a choice by chance at each pause does:
    https://www.microsoft.com/en-us/research/publication/a-randomized-scheduler-with-probabilistic-guarantees-of-finding-bugs/
    """
    priorities: dict[Task, float] = {}
    changes = set(random.sample(range(STEPS), CHANGES))
    step = 0

    def choose(tasks: Sequence[Task]) -> int:
        nonlocal step
        for task in tasks:
            priorities.setdefault(task, random.random())
        if step in changes:
            priorities[max(tasks, key=priorities.__getitem__)] = -step
        step += 1
        return max(range(len(tasks)), key=lambda place: priorities[tasks[place]])

    return choose
