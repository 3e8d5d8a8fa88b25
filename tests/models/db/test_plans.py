"""Which queries PostgreSQL prepares, and what a search finds whose words are planned each time."""

import pytest
from django.db import connection

from messaging.models import Conversation, User
from messaging.models.db.plans import planned_each_time
from messaging.models.messages.saving import post
from messaging.models.search.phrase_index import NEWEST, hits
from messaging.models.search.query import parse

pytestmark = [pytest.mark.django_db, pytest.mark.backends]

OFTEN = 8  # more often than the database waits before it prepares a query


def _prepared() -> str:
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return "\n".join(statement for (statement,) in cursor.fetchall())


def test_what_comes_often_is_prepared_unless_it_is_planned_each_time(ada: User) -> None:
    for _ in range(OFTEN):
        assert User.objects.filter(username=ada.username).get() == ada
        with planned_each_time():
            assert User.objects.filter(display_name=ada.display_name).get() == ada
    if connection.vendor == "postgresql":
        assert '"username" = $1' in _prepared()
    assert '"display_name" = $1' not in _prepared()
    with pytest.raises(ZeroDivisionError), planned_each_time():
        raise ZeroDivisionError
    for _ in range(OFTEN):
        assert User.objects.filter(display_name=ada.display_name).get() == ada
    if connection.vendor == "postgresql":
        assert '"display_name" = $1' in _prepared()


def test_the_words_of_a_search_decide_about_its_plan(room: Conversation, ada: User) -> None:
    messages = [post(room, ada, f"tide {'high' if number % 2 else 'low'}") for number in range(4)]
    for _ in range(OFTEN):
        for word, found in (("tide", messages), ("high", messages[1::2])):
            assert hits(parse(f"{word} ").phrases, NEWEST, 10)[0] == [one.pk for one in reversed(found)]
    assert "messaging_searchtext" not in _prepared()
