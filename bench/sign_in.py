"""Whether the time of a failed sign-in reveals that the user name exists.

Pairs of attempts with a wrong password, one with a user name that exists and one with a name that does not,
in random order, through the whole program. The password hash is that of production with fewer rounds, so that
any other difference is easier to see.

    python -m bench.sign_in --pairs 500
"""

import argparse
import math
import random
import statistics
import time

from bench.installation import empty_installation

ROUNDS = 20_000


def rank_test(some: list[float], others: list[float]) -> float:
    """The two-sided p of the Mann-Whitney U test, by the normal approximation, without ties.

    https://en.wikipedia.org/wiki/Mann%E2%80%93Whitney_U_test
    """
    ranked = sorted([(value, 0) for value in some] + [(value, 1) for value in others])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, start=1) if which == 0)
    n, m = len(some), len(others)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=500)
    pairs = parser.parse_args().pairs
    with empty_installation():
        from django.contrib.auth.hashers import PBKDF2PasswordHasher
        from django.test import Client, override_settings
        from django.urls import reverse

        from messaging.models import User

        PBKDF2PasswordHasher.iterations = ROUNDS
        for number in range(20):
            User.objects.create_user(f"person{number}", password="three grey seals")
        chance = random.Random(1)

        def seconds_of_attempt(name: str) -> float:
            client = Client()
            form = {"login": name, "password": "four grey seals"}
            start = time.perf_counter()
            answer = client.post(reverse("account_login"), form)
            seconds = time.perf_counter() - start
            assert answer.status_code == 200, answer.status_code
            return seconds

        times: dict[str, list[float]] = {"person": [], "nobody": []}
        with override_settings(ACCOUNT_RATE_LIMITS=False, ALLOWED_HOSTS=["testserver"]):
            for name in ("person1", "nobody1") * 10:  # warm-up
                seconds_of_attempt(name)
            for _ in range(pairs):
                for kind in chance.sample(sorted(times), 2):
                    times[kind].append(seconds_of_attempt(f"{kind}{chance.randrange(20)}"))
    medians = {kind: statistics.median(values) * 1000 for kind, values in times.items()}
    p = rank_test(times["person"], times["nobody"])
    print(
        f"median of {pairs}: {medians['person']:.2f} ms somebody, {medians['nobody']:.2f} ms nobody", end=", "
    )
    print(f"ratio {medians['person'] / medians['nobody']:.3f}; p = {p:.2f} (Mann-Whitney)")


if __name__ == "__main__":
    main()
