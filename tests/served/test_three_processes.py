"""After any write the very next request shows it, whichever of three processes is asked."""

from collections import Counter

import pytest

from tests.served.browser import SignIn
from tests.served.town import Town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
ROUNDS = 60
ACTS = {
    Town.send: 4,
    Town.reply: 4,
    Town.edit: 4,
    Town.remove: 2,
    Town.rename: 2,
    Town.leave_and_come_back: 1,
    Town.come_and_be_deleted: 1,
}


def test_a_write_through_one_process_shows_at_once_in_all(three: list[str], sign_in: SignIn) -> None:
    town = Town(three, sign_in)
    done: Counter[str] = Counter()
    town.expect_shown()
    for _ in range(ROUNDS):
        act = town.chance.choices(list(ACTS), list(ACTS.values()))[0]
        act(town, town.chance.choice(three))
        town.expect_shown()
        done[act.__name__] += 1
    assert min(done[act.__name__] for act in ACTS) > 1
