"""The SQL that is kept of a prepared query."""

import pytest
from django.db import connection
from django.db.models import Q, QuerySet

from messaging.models import User
from messaging.models.db.prepared import prepared
from tests.factories import UserFactory
from tests.models.db.test_prepared import assert_like_fresh

pytestmark = pytest.mark.django_db
QUOTED = "100 % of O'Neil's"


@prepared
def quoted(name: str) -> QuerySet[User]:
    return User.objects.filter(Q(display_name=QUOTED) | Q(display_name=name)).order_by("pk")


def test_texts_that_are_no_arguments_are_part_of_the_sql_on_sqlite() -> None:
    """Otherwise SQLite would plan the query again each time that such a text is bound."""
    named, other = UserFactory.create(display_name=QUOTED), UserFactory.create(display_name="100 %'")
    assert_like_fresh(quoted, "nobody")
    assert quoted("nobody") == [named]
    assert quoted("100 %'") == [named, other]
    (statement,) = (select._statement for select in quoted.statements.kept.values())
    assert (QUOTED in statement._params) == (connection.vendor != "sqlite")
