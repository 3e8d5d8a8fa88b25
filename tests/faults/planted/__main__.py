"""Plays runs with planted bugs, which have to be found, and runs without one, in which nothing may be.

python -m tests.faults.planted                 all bugs, and some runs without
python -m tests.faults.planted --only edit     the bugs whose names contain this word
"""

import argparse
import os
import sys

import django


def main() -> int:
    """Returns how often a planted bug was not found, plus how often one was found in a run without."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="a word of the names of the bugs")
    parser.add_argument("--clean", type=int, default=20, help="how many runs without a bug")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.faults.delivery import syscalls
    from tests.faults.planted.bugs import BUGS
    from tests.faults.planted.runs import broken_laws, found_without

    wrong = 0
    for name, bug in BUGS.items():
        if options.only not in name:
            continue
        if bug.is_traced and not syscalls.is_available():
            print(f"not played, since there is no strace: {name}", flush=True)
            continue
        broken = broken_laws(name)
        is_found = not bug.laws.isdisjoint(broken)
        wrong += not is_found
        says = "found" if is_found else "NOT FOUND"
        print(f"{says}: {name} (breaks: {', '.join(broken) or 'no law'})", flush=True)
    for seed in range(options.clean):
        found = found_without(seed, is_traced=seed % 5 == 0 and syscalls.is_available())
        wrong += bool(found)
        print(f"without a bug, seed {seed}:", "; ".join(found) or "nothing", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
