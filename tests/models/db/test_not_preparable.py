"""A query whose SQL depends on the values of its arguments cannot be prepared, and says so."""

from itertools import count
from typing import Any

import pytest
from django.db.models import Q

from messaging.models import Conversation, User
from messaging.models.db.prepared import NotPreparable, Prepared

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
clock = count()
REFUSED: dict[str, Any] = {
    "limit": lambda number: User.objects.all()[:number],
    "computed": lambda number: User.objects.filter(pk=number + 1),
    "changes by itself": lambda number: User.objects.filter(pk=number, username=str(next(clock))),
    "unused": lambda number: User.objects.filter(is_active=True),
    "depends on the value": lambda number: User.objects.filter(
        Q(pk=number) if number % 2 else Q(pk__gt=number)
    ),
    "part of a text": lambda number: User.objects.filter(username__startswith=f"ada{number}"),
    "dictionaries": lambda number: User.objects.filter(pk=number).values("pk"),
    "distinct": lambda number: Conversation.objects.filter(memberships__user=number).distinct(),
    "locks": lambda number: User.objects.filter(pk=number).select_for_update(),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_query_whose_sql_depends_on_a_value_is_refused(kind: str) -> None:
    refused: Prepared[..., Any] = Prepared(REFUSED[kind])
    for _ in range(2):
        with pytest.raises(NotPreparable):
            refused(7)
