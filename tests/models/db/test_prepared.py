"""A prepared query runs the SQL, with the parameters, that Django would compile for the same arguments."""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import product
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count, DateTimeField, F, Q, QuerySet, Value
from django.utils import timezone

import messaging
from messaging.models import Membership, User
from messaging.models.db.insert_select import InsertFrom
from messaging.models.db.prepared import Prepared, PreparedChange, Update, prepared, prepared_change
from messaging.models.people.blocks import Block
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
NOW = timezone.now()
# Arguments of each type that a prepared query may have. Lists have lengths that are not filled up.
EXAMPLES: dict[object, Sequence[object]] = {
    int: [1, 70_000],
    int | None: [None, 1, 70_000],
    str: ["", "ada's 100 %"],
    bool: [True, False],
    datetime: [NOW, NOW + timedelta(days=1)],
    UUID | None: [None, UUID(int=7), UUID(int=2**127)],
    list[int]: [[], [1], [3, 4, 5, 6]],
    list[str]: [[], ["ada"], ["ada", "ben", "cleo", "dan"]],
}


@contextmanager
def executed() -> Iterator[list[str]]:
    """The SQL that is executed until the block ends, with its parameters written out."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Sequence[object], many: bool, context: object) -> object:
        found.append(sql % tuple(map(written_out, params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def written_out(value: object) -> str:
    return "'{}'".format(str(value).replace("'", "''")) if isinstance(value, str) else repr(value)


def assert_like_fresh(query: Prepared[..., Any], *arguments: object) -> None:
    with executed() as fresh:
        expected = list(query.build(*arguments))
    for _ in range(2):  # compiled, and from the second time on prepared
        with executed() as found:
            rows = query(*arguments)
        assert found == fresh
        assert rows == expected
        if rows and isinstance(rows[0], User):
            assert [vars(row) | {"_state": 0} for row in rows] == [
                vars(row) | {"_state": 0} for row in expected
            ]


def prepared_in_the_program(kind: type[Any]) -> dict[str, Any]:
    found = {}
    for module in pkgutil.walk_packages(messaging.__path__, "messaging."):
        if ".migrations" in module.name or ".avatar_decoder" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, kind) and value.build.__module__ == module.name:
                found[f"{module.name}.{name}"] = value
    return found


QUERIES = prepared_in_the_program(Prepared)
CHANGES = prepared_in_the_program(PreparedChange)


def examples_for(build: Any) -> Iterator[tuple[object, ...]]:
    hints = get_type_hints(build)
    return product(*(EXAMPLES[kind] for name, kind in hints.items() if name != "return"))


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_every_prepared_query_is_like_a_fresh_one(query: Prepared[..., Any]) -> None:
    for arguments in examples_for(query.build):
        assert_like_fresh(query, *arguments)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_prepared_change_is_like_a_fresh_one(change: PreparedChange[...]) -> None:
    for arguments in examples_for(change.build):
        with executed() as fresh:
            expected = change.build(*arguments).execute()
        for _ in range(2):
            with executed() as found:
                assert change(*arguments) == expected
            assert found == fresh


@prepared
def people(
    names: list[str], ids: list[int], is_active: bool, since: datetime, status: str | None
) -> QuerySet[User]:
    rows = User.objects.filter(Q(username__in=names) | Q(pk__in=ids), is_active=is_active, status=status)
    return rows.filter(date_joined__lt=since).annotate(one=Value(1), twice=F("pk") * 2).order_by("pk")


@prepared
def memberships(user_id: int) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(user=user_id)
        .select_related("user", "conversation")
        .only("conversation", "user__username")
    )


@prepared
def names_of(ids: list[int]) -> QuerySet[User, tuple[int, str]]:
    return User.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "username")


@prepared
def count_of_rooms(user_id: int) -> QuerySet[User, int]:
    return User.objects.filter(pk=user_id).values_list(Count("memberships"), flat=True)


def test_arguments_of_all_types_are_put_in_their_places(django_assert_num_queries: Any) -> None:
    ada, ben, cleo, dan = (UserFactory.create() for _ in range(4))
    everybody = [ada, ben, cleo, dan]
    later = NOW + timedelta(days=1)
    for names, ids in product(
        ([], [ada.username], [one.username for one in everybody]),
        ([], [cleo.pk], [one.pk for one in everybody]),
    ):
        for is_active, since, status in product((True, False), (NOW - timedelta(days=1), later), (None, "")):
            assert_like_fresh(people, names, ids, is_active, since, status)
    assert people([ada.username], [cleo.pk], True, later, "") == [ada, cleo]
    [found] = people([ben.username], [], True, later, "")
    assert (found.one, found.twice) == (1, 2 * ben.pk)  # type: ignore[attr-defined]


def test_rows_are_what_django_makes_of_them(django_assert_num_queries: Any) -> None:
    ada = UserFactory.create()
    room = RoomFactory.create(by=ada)
    with django_assert_num_queries(1):
        [membership] = memberships(ada.pk)
        assert (membership.user, membership.conversation) == (ada, room)
        assert membership.user.get_deferred_fields() >= {"password"}
    assert names_of([ada.pk]) == [(ada.pk, ada.username)]
    assert count_of_rooms(ada.pk) == [1]
    assert (count_of_rooms.first(ada.pk), count_of_rooms.first(ada.pk + 1)) == (1, None)


def test_lists_are_filled_up_so_that_few_statements_are_kept() -> None:
    ids = [UserFactory.create().pk for _ in range(9)]
    for length in range(10):
        assert [pk for pk, _ in names_of(ids[:length])] == ids[:length]
    lengths = {len(shape[0]) - 1 for shape in names_of.statements.kept if shape[0][0] is list}  # type: ignore[index]
    assert lengths == {0, 1, 4, 16}


@pytest.mark.django_db(transaction=True)
def test_statement_is_used_by_all_threads() -> None:
    ada = UserFactory.create()

    def read() -> list[tuple[int, str]]:
        try:
            return names_of([ada.pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(read).result() for _ in range(8)]
    assert answers == [[(ada.pk, ada.username)]] * 8


@prepared_change
def give_status(ids: list[int], status: str, is_active: bool) -> Update:
    return Update(User.objects.filter(pk__in=ids), {"status": status, "is_active": is_active})


@prepared_change
def block_all(user_id: int, now: datetime) -> InsertFrom:
    others = User.objects.exclude(pk=user_id).order_by("pk")
    rows = others.values_list(Value(user_id), "pk", Value(now, output_field=DateTimeField()))
    return InsertFrom(Block, ("user_id", "blocked_id", "since"), rows)


def test_changes_are_made_with_other_arguments_too() -> None:
    ada, ben, cleo = (UserFactory.create() for _ in range(3))
    assert give_status([ada.pk, ben.pk, cleo.pk], "Tea", True) == 3
    assert give_status([ben.pk], "Coffee", True) == 1
    assert list(User.objects.order_by("pk").values_list("status", flat=True)) == ["Tea", "Coffee", "Tea"]
    assert [block_all(one.pk, NOW) for one in (ada, ben)] == [2, 2]
    assert set(Block.objects.values_list("user", "blocked")) == {
        *((ada.pk, ben.pk), (ada.pk, cleo.pk), (ben.pk, ada.pk), (ben.pk, cleo.pk))
    }


def test_arguments_by_name_are_refused() -> None:
    with pytest.raises(TypeError):
        count_of_rooms(user_id=1)
