"""Turns rows of the database into what a QuerySet would return, for a query that is prepared.

It does what `ModelIterable` and `ValuesListIterable` of Django 5.2 do (`django/db/models/query.py`). They
find out anew for each query which column belongs to which field; that took as long as reading the rows.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar, cast

from django.db import connection, models
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql.compiler import SQLCompiler

from messaging.models.db.statement import NotPreparable

Row = TypeVar("Row")
Found: TypeAlias = Iterable[Sequence[object]]
MakeRows: TypeAlias = Callable[[Found], list[Row]]


def row_maker(queryset: models.QuerySet[models.Model, Row], compiler: SQLCompiler) -> MakeRows[Row]:
    """A function that makes a list of rows.

    Args:
        compiler: of the query; it has made its SQL.

    Raises:
        NotPreparable: the QuerySet returns neither instances nor tuples nor single values.
    """
    # Django's proxy for the connection of the current thread: one thread compiles, all make rows.
    vars(compiler)["connection"] = connection
    columns = [column for column, *_ in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)

    def converted(found: Found) -> Found:
        return compiler.apply_converters(found, converters) if converters else found

    kind = None if compiler.has_composite_fields(columns) else queryset._iterable_class
    if kind is ModelIterable:
        make_instances = cast(MakeRows[Row], _instance_maker(compiler))
        return lambda found: make_instances(converted(found))
    if kind is ValuesListIterable:
        return lambda found: cast(list[Row], list(map(tuple, converted(found))))
    if kind is FlatValuesListIterable:
        return lambda found: cast(list[Row], [row[0] for row in converted(found)])
    raise NotPreparable("Only rows and tuples can be prepared.")


def _instance_maker(compiler: SQLCompiler) -> MakeRows[models.Model]:
    """A function that makes model instances, with those of `select_related()` and with annotations."""
    info = cast(dict[str, Any], compiler.klass_info)  # type: ignore[explicit-any] # Django's own, untyped
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    model: type[models.Model] = info["model"]
    names = [cast(models.Field, column.target).attname for column, *_ in compiler.select[first:last]]
    # The types are those of a later Django.
    populators = get_related_populators(info, compiler.select, connection.alias)  # type: ignore[call-arg]
    annotations = list((compiler.annotation_col_map or {}).items())
    alias = connection.alias

    def make_instances(found: Found) -> list[models.Model]:
        instances = []
        for row in found:
            instance = model.from_db(alias, names, row[first:last])
            for populator in populators:
                populator.populate(row, instance)
            for name, column in annotations:
                setattr(instance, name, row[column])
            instances.append(instance)
        return instances

    return make_instances
