"""What is one for the whole site, changed at the same time as the person who changes it.

A change of a name and the deletion of an account lock the person, and then the row of the site.
"""

from collections.abc import Callable
from functools import partial

import pytest

from messaging.models import User
from messaging.models.messages.keywords import checked_keywords, save_keywords
from messaging.models.messages.managing_emoji import add_emoji
from messaging.models.people.managing_groups import create_group
from messaging.models.retention.rules import set_site_rule
from messaging.models.site.retention import Rule
from tests.factories import UserFactory
from tests.races.racing import WRITTEN, Racers, outcome_name

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6  # four of them in a forced order

Change = Callable[[User, int], object]
CHANGES: dict[str, Change] = {
    "keywords": lambda by, number: save_keywords(by, checked_keywords([f"word{number}"])),
    "retention": lambda by, number: set_site_rule(Rule(1000 + number), by),
    "emoji": lambda by, number: add_emoji(by, b"a picture", f"emoji{number}"),
    "group": lambda by, number: create_group(by, f"group{number}", "A group"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_site_waits_for_one_of_the_person(racers: Racers, change: Change) -> None:
    for number, race in enumerate(racers.rounds(ROUNDS)):
        person = UserFactory.create(username=f"before{number}")
        again = User.objects.get(pk=person.pk)
        again.username = f"after{number}"
        outcomes = race.run(partial(change, person, number), again.save)
        assert [outcome_name(one) for one in outcomes] == ["done", "done"]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_site_comes_before_or_after_the_deletion_of_the_person(
    racers: Racers, change: Change
) -> None:
    for number, race in enumerate(racers.rounds(ROUNDS)):
        person = UserFactory.create(username=f"leaving{number}")
        again = User.objects.get(pk=person.pk)
        changed, left = race.run(partial(change, person, 100 + number), again.delete)
        possible = race.by_order("done", "Gone") if race.point == WRITTEN else {"done", "Gone"}
        assert outcome_name(changed) in possible
        assert outcome_name(left) == "done"
