"""Plays runs, or checks a history: `python -m tests.faults.delivery --seed 7 --strikes 20`."""

import argparse
import os
import random
import sys
from collections import Counter
from pathlib import Path

import django


def main() -> int:
    """Returns 1 if a law was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--strikes", type=int, default=20, help="how many, of which chance chooses the kinds")
    parser.add_argument("--nemesis", nargs="+", help="these kinds only")
    parser.add_argument("--postgresql", action="store_true", help="with PostgreSQL, Redis and three servers")
    parser.add_argument("--members", type=int, default=6)
    parser.add_argument("--rate", type=float, default=5, help="acts a second of each member")
    parser.add_argument("--traced", action="store_true", help="record syncs; nothing may end the server")
    parser.add_argument("--check", type=Path, help="a history that was kept, instead of a run")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.faults.delivery.checker import faults
    from tests.faults.delivery.history import History
    from tests.faults.delivery.latency import table
    from tests.faults.delivery.nemeses import ON_POSTGRESQL, ON_SQLITE
    from tests.faults.delivery.run import Plan, play

    if options.check:
        history = History.load(options.check)
    else:
        kinds = options.nemesis or list(ON_POSTGRESQL if options.postgresql else ON_SQLITE)
        strikes = random.Random(options.seed).choices(kinds, k=options.strikes)
        history = play(
            Plan(
                options.seed,
                tuple(strikes),
                members=options.members,
                rate=options.rate,
                servers=3 if options.postgresql else 1,
                on_postgresql=options.postgresql,
                is_traced=options.traced,
            )
        )
    found = faults(history)
    print(table(history))
    done = Counter(record["act"] for record in history.of("begin"))
    attempts = Counter(record["status"] for record in history.of("attempt"))
    struck = Counter(record["what"] for record in history.of("nemesis") if "over" not in record["what"])
    print(f"{dict(struck)}; acts: {dict(done)}; answers to attempts: {dict(sorted(attempts.items()))}")
    if found and not options.check:
        file = Path(f"delivery-{options.seed}.jsonl")
        history.save(file)
        print(f"The history is in {file}.")
    print(*found or ["No law was broken."], sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
