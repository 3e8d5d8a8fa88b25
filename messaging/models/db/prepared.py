"""Queries that are compiled once in a process, and then only get other parameters.

Django builds and compiles a query anew each time. For the sidebar that takes four times as long as SQLite
takes to answer it. A prepared query is written as a function that returns a QuerySet:

    @prepared
    def members_of(conversation_id: int) -> models.QuerySet[Membership]:
        return Membership.objects.filter(conversation=conversation_id).select_related("user")

    rows = members_of(conversation.pk)  # a list

At its first call the QuerySet is built twice, with different markers in place of the arguments. If the
results differ in the markers only, the SQL does not depend on the values, and is kept.

An argument is a number, a text, a point in time, a truth value, None, or a list of numbers or of texts. It
must go into the SQL as it is. Otherwise the first call raises `NotPreparable`: for a LIMIT that is an
argument, for a value that is computed from an argument, and for the time of the clock, which is to be given
as an argument. The function must not branch on a number, a text or a time. A number must fit into its column:
Django finds no row for a number that is too large, but a prepared query may get an error of the database.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Final, Generic, NamedTuple, ParamSpec, TypeAlias, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.sql.compiler import SQLCompiler

from messaging.models.db.row_making import row_maker

Arguments = ParamSpec("Arguments")
Row = TypeVar("Row")
Model = TypeVar("Model", bound=models.Model)
Scalar: TypeAlias = int | str | datetime

_MARKERS: Final = 2_000_000_000, 2_100_000_001  # they fit into an integer column


class NotPreparable(Exception):
    """The SQL depends on the value of an argument, or the QuerySet is of a kind that is not supported."""


class Slot(NamedTuple):
    """Where a parameter of the SQL comes from: from which scalar argument, and how Django adapts it."""

    position: int
    scalar: int
    adapt: Callable[[Scalar], Scalar]


class Prepared(Generic[Arguments, Row]):
    """A query that is compiled once. Call it like the function that it decorates: it returns a list of rows.

    The SQL is kept for each shape of the arguments: which of them are None, true or false, and how long the
    lists are. A list is filled up to the next power of two by repeating its last item, so there are few.
    """

    def __init__(self, build: Callable[Arguments, models.QuerySet[Model, Row]]) -> None:
        self.build = build
        self._statements: dict[object, _Statement[Row]] = {}

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> list[Row]:
        """Raises NotPreparable; TypeError for an argument by name or of another type."""
        if kwargs:
            raise TypeError("The arguments of a prepared query are given by position.")
        arguments = [_filled_up(argument) for argument in args]
        shape = tuple(map(_shape, arguments))
        statement = self._statements.get(shape)
        if statement is None:
            statement = self._statements[shape] = _Statement(self.build, arguments)
        return statement.rows(list(_scalars(arguments)))

    def first(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Row | None:
        """The first row, or None. Raises as a call."""
        return next(iter(self(*args, **kwargs)), None)


prepared = Prepared


class _Statement(Generic[Row]):
    """The SQL for arguments of one shape, and how its rows become what the QuerySet would return."""

    def __init__(  # type: ignore[explicit-any] # the signature is checked by Prepared
        self, build: Callable[..., models.QuerySet[models.Model, Row]], arguments: Sequence[object]
    ) -> None:
        first, second = (_with_markers(arguments, marker) for marker in _MARKERS)
        queryset = build(*first)
        compiler, self._sql, self._params = _compiled(queryset)
        make_rows = row_maker(queryset, compiler) if self._sql else list
        if make_rows is None:
            raise NotPreparable("Only rows and tuples can be prepared.")
        self._make_rows = make_rows
        _, sql, params = _compiled(build(*second))
        if (sql, len(params)) != (self._sql, len(self._params)):
            raise NotPreparable(f"The SQL depends on the value of an argument: {sql}")
        self._slots = list(_slots(self._params, params, list(_scalars(first)), list(_scalars(second))))
        if sql and {slot.scalar for slot in self._slots} != set(range(len(list(_scalars(first))))):
            raise NotPreparable(f"An argument is not among the parameters: {sql}")

    def rows(self, scalars: Sequence[Scalar]) -> list[Row]:
        if not self._sql:  # no row can match, as with an empty list
            return []
        params = list(self._params)
        for position, scalar, adapt in self._slots:
            params[position] = adapt(scalars[scalar])
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            return self._make_rows(cursor.fetchall())


def _compiled(queryset: models.QuerySet[models.Model, Row]) -> tuple[SQLCompiler, str, Sequence[Scalar]]:
    """The compiler that made the SQL, the SQL and its parameters. The SQL is empty if no row can match."""
    query = queryset.query
    if query.select_for_update or query.distinct:
        raise NotPreparable("A query that locks, or DISTINCT, cannot be prepared.")
    compiler = query.get_compiler(connection.alias)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return compiler, "", ()
    return compiler, sql, params


def _slots(
    params: Sequence[Scalar], others: Sequence[Scalar], first: list[Scalar], second: list[Scalar]
) -> Iterator[Slot]:
    """The parameters that are arguments: those that are the first markers here, and the second there."""
    for position, (param, other) in enumerate(zip(params, others, strict=True)):
        if param == other:
            continue
        for scalar, markers in enumerate(zip(first, second, strict=True)):
            adapt = _adapter(markers[0], param)
            if tuple(map(adapt, markers)) == (param, other):
                yield Slot(position, scalar, adapt)
                break
        else:
            raise NotPreparable(f"A parameter is computed from an argument, or changes by itself: {param!r}")


def _adapter(marker: Scalar, param: object) -> Callable[[Scalar], Scalar]:
    """How Django makes a parameter: for PostgreSQL integers have classes, for SQLite times are text."""
    if isinstance(marker, datetime):
        return cast(Callable[[Scalar], Scalar], connection.ops.adapt_datetimefield_value)
    return cast(Callable[[Scalar], Scalar], type(param if isinstance(param, type(marker)) else marker))


def _filled_up(argument: object) -> object:
    """A list with a power of two of items: the last one is repeated."""
    if isinstance(argument, list) and argument:
        size = 1 << (len(argument) - 1).bit_length()
        return argument + argument[-1:] * (size - len(argument))
    return argument


def _shape(argument: object) -> object:
    if isinstance(argument, list):
        return list, *map(type, argument)
    return argument if argument is None or isinstance(argument, bool) else type(argument)


def _scalars(arguments: Sequence[object]) -> Iterator[Scalar]:
    """The arguments and the items of lists, without those that are in the shape."""
    for argument in arguments:
        if isinstance(argument, list):
            yield from argument
        elif isinstance(argument, Scalar) and not isinstance(argument, bool):
            yield argument


def _with_markers(arguments: Sequence[object], first: int) -> list[object]:
    """The arguments with a different marker for each number, text and time."""
    numbers = count(first)

    def marker(argument: object) -> object:
        if isinstance(argument, list):
            return [marker(item) for item in argument]
        if argument is None or isinstance(argument, bool):
            return argument
        number = next(numbers)
        if isinstance(argument, str):
            return f"marker {number}"
        return datetime.fromtimestamp(number, UTC) if isinstance(argument, datetime) else number

    return [marker(argument) for argument in arguments]
