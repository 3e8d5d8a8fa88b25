"""After any write the very next request shows it, whichever of three processes is asked."""

from collections import Counter

import pytest

from tests.served.browser import SignIn
from tests.served.scenario import Scenario

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
ROUNDS = 60
ACTS = {
    Scenario.send: 4,
    Scenario.reply: 4,
    Scenario.edit: 4,
    Scenario.remove: 2,
    Scenario.rename: 2,
    Scenario.leave_and_come_back: 1,
    Scenario.come_and_be_deleted: 1,
}


def test_a_write_through_one_process_shows_at_once_in_all(three: list[str], sign_in: SignIn) -> None:
    scenario = Scenario(three, sign_in)
    done: Counter[str] = Counter()
    scenario.expect_shown()
    for _ in range(ROUNDS):
        act = scenario.chance.choices(list(ACTS), list(ACTS.values()))[0]
        act(scenario, scenario.chance.choice(three))
        scenario.expect_shown()
        done[act.__name__] += 1
    assert min(done[act.__name__] for act in ACTS) > 1
