"""SQL that is compiled once, and the places of the arguments among its parameters (`prepared.py`)."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar, cast
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

Built = TypeVar("Built")
Scalar: TypeAlias = int | str | datetime | UUID
Adapt: TypeAlias = Callable[[Scalar], Scalar]
Sql: TypeAlias = tuple[str, Sequence[Scalar]]  # and its parameters

_MARKERS: Final = 2_000_000_000, 2_100_000_001  # they fit into an integer column


class NotPreparable(Exception):
    """The SQL depends on the value of an argument, or is of a kind that is not supported."""


class Slot(NamedTuple):
    """Where a parameter of the SQL comes from: from which scalar argument, and how Django adapts it."""

    position: int
    scalar: int
    adapt: Adapt


class Statement(Generic[Built]):
    """The SQL for arguments of one shape. It is empty if no row can match, as with an empty list."""

    def __init__(  # type: ignore[explicit-any] # the signature is checked by those who use it
        self, build: Callable[..., Built], compiled: Callable[[Built], Sql], arguments: Sequence[object]
    ) -> None:
        """
        Args:
            build: makes what is compiled, from the arguments.
            compiled: makes the SQL from what `build` returned.
            arguments: `filled_up`. Only their shape matters.

        Raises:
            NotPreparable: the SQL depends on more than the shape.
        """
        first, second = (_with_markers(arguments, marker) for marker in _MARKERS)
        self.sql, self._params = compiled(build(*first))
        sql, params = compiled(build(*second))
        if (sql, len(params)) != (self.sql, len(self._params)):
            raise NotPreparable(f"The SQL depends on the value of an argument: {sql}")
        markers = list(zip(scalars(first), scalars(second), strict=True))
        self._slots = list(_slots(self._params, params, markers))
        if sql and {slot.scalar for slot in self._slots} != set(range(len(markers))):
            raise NotPreparable(f"An argument is not among the parameters: {sql}")
        if connection.vendor == "sqlite":
            self._write_out_texts()

    def execute(self, cursor: CursorWrapper, values: Sequence[Scalar]) -> None:
        """Run the SQL, which must not be empty, with these arguments."""
        params = list(self._params)
        for position, scalar, adapt in self._slots:
            params[position] = adapt(values[scalar])
        cursor.execute(self.sql, params)

    def _write_out_texts(self) -> None:
        """Put the texts that are no arguments, such as the kind of a room, into the SQL.

        SQLite compares parameters with the conditions of partial indexes while it plans. So each time such a
        parameter is bound it plans again, which took two thirds of the time of the sidebar's query.
        """
        filled = {slot.position for slot in self._slots}
        positions, kept = count(), []

        def written_out(found: re.Match[str]) -> str:
            if found[0] != "%s":
                return found[0]
            position = next(positions)
            text = self._params[position]
            if position in filled or not isinstance(text, str) or "\0" in text:
                kept.append(position)
                return found[0]
            quoted = str(text).replace("'", "''").replace("%", "%%")
            return f"'{quoted}'"

        self.sql = re.sub("%[%s]", written_out, self.sql)
        self._params = [self._params[position] for position in kept]
        self._slots = [slot._replace(position=kept.index(slot.position)) for slot in self._slots]


def filled_up(argument: object) -> object:
    """A list is filled up to a power of four of items, by repeating the last one."""
    if isinstance(argument, list) and argument:
        size = 1
        while size < len(argument):
            size *= 4
        return argument + argument[-1:] * (size - len(argument))
    return argument


def shape(argument: object) -> object:
    """What the SQL may depend on."""
    if isinstance(argument, list):
        return list, *map(type, argument)
    return argument if argument is None or isinstance(argument, bool) else type(argument)


def scalars(arguments: Sequence[object]) -> Iterator[Scalar]:
    """The arguments and the items of lists, without None and truth values, which are part of the shape."""
    for argument in arguments:
        if isinstance(argument, list):
            yield from argument
        elif isinstance(argument, Scalar) and not isinstance(argument, bool):
            yield argument


def _slots(
    params: Sequence[Scalar], others: Sequence[Scalar], markers: Sequence[tuple[Scalar, Scalar]]
) -> Iterator[Slot]:
    """The parameters that come from arguments: they hold a marker of the first build, and of the second."""
    for position, (param, other) in enumerate(zip(params, others, strict=True)):
        if param == other:
            continue
        for scalar, pair in enumerate(markers):
            adapt = _adapter(pair[0], param)
            if tuple(map(adapt, pair)) == (param, other):
                yield Slot(position, scalar, adapt)
                break
        else:
            raise NotPreparable(f"A parameter is computed from an argument, or changes by itself: {param!r}")


def _adapter(marker: Scalar, param: object) -> Adapt:
    """How Django makes a parameter: PostgreSQL's integers have classes, SQLite's times and UUIDs are text."""
    if isinstance(marker, datetime):
        return cast(Adapt, connection.ops.adapt_datetimefield_value)
    if isinstance(marker, UUID):
        return (lambda value: cast(UUID, value).hex) if isinstance(param, str) else lambda value: value
    return cast(Adapt, type(param if isinstance(param, type(marker)) else marker))


def _with_markers(arguments: Sequence[object], first: int) -> list[object]:
    """The arguments with a different marker for each number, text, time and UUID."""
    numbers = count(first)

    def marker(argument: object) -> object:
        if isinstance(argument, list):
            return [marker(item) for item in argument]
        if argument is None or isinstance(argument, bool):
            return argument
        number = next(numbers)
        if isinstance(argument, str):
            return f"marker {number}"
        if isinstance(argument, UUID):
            return UUID(int=number)
        return datetime.fromtimestamp(number, UTC) if isinstance(argument, datetime) else number

    return [marker(argument) for argument in arguments]
