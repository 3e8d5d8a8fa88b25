"""The filter by many values with one parameter."""

import pytest

from messaging.models import User
from messaging.models.db import among  # noqa: F401 - the filter `pk__among`
from messaging.models.db.numbers import LARGEST_ID
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_among_finds_the_same_rows_as_in() -> None:
    people = UserFactory.create_batch(3)
    ids = [people[0].pk, people[2].pk, LARGEST_ID]
    assert set(User.objects.filter(pk__among=ids)) == {people[0], people[2]}
    assert set(User.objects.filter(pk__among=range(people[2].pk + 10_000))) >= set(people)
    assert not User.objects.filter(pk__among=[]).exists()
    assert len(User.objects.filter(pk__among=ids).query.sql_with_params()[1]) == 1
