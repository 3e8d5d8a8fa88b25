"""Queries that are compiled once in a process, and then only get other parameters.

Django builds and compiles a query anew each time. For the sidebar that takes four times as long as SQLite
takes to answer it. A prepared query is written as a function that returns a QuerySet:

    @prepared
    def members_of(conversation_id: int) -> models.QuerySet[Membership]:
        return Membership.objects.filter(conversation=conversation_id).select_related("user")

    rows = members_of(conversation.pk)  # a list

A function that returns an `Update` or an `InsertFrom` is a prepared change:

    @prepared_change
    def rename(conversation_id: int, name: str) -> Update:
        return Update(Conversation.objects.filter(pk=conversation_id), {"name": name})

    number = rename(conversation.pk, "harbour")  # of rows

At its first call the query is built twice, with different markers in place of the arguments. If the results
differ in the markers only, the SQL does not depend on the values, and is kept.

An argument is a number, a text, a point in time, a UUID, a truth value, None, or a list of numbers or of
texts. It must go into the SQL as it is. Otherwise the first call raises `NotPreparable`: for a LIMIT that is
an argument, for a value that is computed from an argument, and for a call of `now()` (pass the time as an
argument instead). The function may branch on what is None and on truth values, but not on a number, a text
or a time. A number must fit into its column: Django finds no row for a number that is too large, but a
prepared query may get an error of the database.
"""

from collections.abc import Callable
from typing import Generic, NamedTuple, ParamSpec, Protocol, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.sql import UpdateQuery

from messaging.models.db.row_making import MakeRows, row_maker
from messaging.models.db.statement import (
    NotPreparable,
    Scalar,
    Sql,
    Statement,
    filled_up,
    scalars,
    shape,
)

Arguments = ParamSpec("Arguments")
Row = TypeVar("Row")
Model = TypeVar("Model", bound=models.Model)
Kept = TypeVar("Kept")


class _ByShape(Generic[Kept]):
    """What was compiled for each shape of the arguments: which are None or true, and how long the lists are.

    A list is filled up to the next power of four by repeating its last item, so there are few shapes.
    """

    def __init__(self, compile_for: Callable[[list[object]], Kept]) -> None:
        self._compile_for = compile_for
        self.kept: dict[object, Kept] = {}

    def find(self, args: tuple[object, ...], kwargs: dict[str, object]) -> tuple[Kept, list[Scalar]]:
        """What was compiled, and the arguments to run it with. Raises as `Prepared.__call__`."""
        if kwargs:
            raise TypeError("The arguments of a prepared query are given by position.")
        arguments = [filled_up(argument) for argument in args]
        its_shape = tuple(map(shape, arguments))
        if (kept := self.kept.get(its_shape)) is None:
            kept = self.kept[its_shape] = self._compile_for(arguments)
        return kept, list(scalars(arguments))


class Prepared(Generic[Arguments, Row]):
    """A query that is compiled once. It is called like the function that it decorates, and returns a list."""

    def __init__(self, build: Callable[Arguments, models.QuerySet[Model, Row]]) -> None:
        self.build = build
        self.statements = _ByShape(lambda arguments: _Select(build, arguments))

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> list[Row]:
        """Raises NotPreparable; TypeError for an argument by name or of another type."""
        select, values = self.statements.find(args, kwargs)
        return select.rows(values)

    def first(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Row | None:
        """The first row, or None. Raises as a call."""
        return next(iter(self(*args, **kwargs)), None)


class _Select(Generic[Row]):
    """A SELECT, and how its rows become what the QuerySet would return."""

    def __init__(  # type: ignore[explicit-any] # the signature is checked by Prepared
        self, build: Callable[..., models.QuerySet[models.Model, Row]], arguments: list[object]
    ) -> None:
        self._make_rows: MakeRows[Row] | None = None
        self._statement = Statement(build, self._compiled, arguments)

    def rows(self, values: list[Scalar]) -> list[Row]:
        if not self._statement.sql or not self._make_rows:
            return []
        with connection.cursor() as cursor:
            self._statement.execute(cursor, values)
            return self._make_rows(cursor.fetchall())

    def _compiled(self, queryset: models.QuerySet[models.Model, Row]) -> Sql:
        query = queryset.query
        if query.select_for_update or query.distinct:
            raise NotPreparable("A query that locks, or DISTINCT, cannot be prepared.")
        compiler = query.get_compiler(connection.alias)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return "", ()
        self._make_rows = self._make_rows or row_maker(queryset, compiler)
        return sql, params


class Change(Protocol):
    """What changes rows."""

    def compiled(self) -> Sql: ...

    def execute(self) -> int:
        """Returns how many rows changed."""


class Update(NamedTuple):
    """What `rows.update(**changes)` does."""

    rows: models.QuerySet
    changes: dict[str, object]

    def compiled(self) -> Sql:
        query = cast(UpdateQuery, self.rows.query.chain(UpdateQuery))
        query.add_update_values(self.changes)
        sql, params = query.get_compiler(connection.alias).as_sql()
        return sql, params

    def execute(self) -> int:
        return self.rows.update(**self.changes)


class PreparedChange(Generic[Arguments]):
    """A change that is compiled once. A call returns how many rows it changed."""

    def __init__(self, build: Callable[Arguments, Change]) -> None:
        self.build = build
        compiled: Callable[[Change], Sql] = lambda change: change.compiled()  # noqa: E731
        self.statements = _ByShape(lambda arguments: Statement(build, compiled, arguments))

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> int:
        """Raises NotPreparable; TypeError for an argument by name or of another type."""
        statement, values = self.statements.find(args, kwargs)
        with connection.cursor() as cursor:
            statement.execute(cursor, values)
            return cursor.rowcount


prepared, prepared_change = Prepared, PreparedChange
