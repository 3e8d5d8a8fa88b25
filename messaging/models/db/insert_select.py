"""INSERT … SELECT, which the ORM does not support: it compiles the SELECT, we put the INSERT before it."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, models
from django.db.models.constants import OnConflict

from messaging.models.db.statement import Sql


class InsertFrom(NamedTuple):
    """Rows of `model`, from what a `values_list()` QuerySet selects: 2,000 take some 5 ms, and no object is
    made.

    Attributes:
        model: whose table the rows are inserted into.
        columns: names of its columns, in the order of what `rows` selects.
        rows: the QuerySet.
        unique: names of the columns in which a row may conflict with a stored one. `rows` needs a filter
            then: SQLite does not understand ON CONFLICT after a SELECT without WHERE.
        updated: names of the columns, at least one, that the stored row then takes over from the new one.
    """

    model: type[models.Model]
    columns: Sequence[str]
    rows: models.QuerySet
    unique: Sequence[str] = ()
    updated: Sequence[str] = ()

    def compiled(self) -> Sql:
        select, parameters = self.rows.query.sql_with_params()
        quote = connection.ops.quote_name
        into = f"{quote(self.model._meta.db_table)} ({', '.join(quote(column) for column in self.columns)})"
        on_conflict = ""
        if self.unique:
            on_conflict = connection.ops.on_conflict_suffix_sql(
                (), OnConflict.UPDATE, self.updated, self.unique
            )
        return f"INSERT INTO {into} {select} {on_conflict}".rstrip(), parameters

    def execute(self) -> int:
        """Returns how many rows were inserted or updated."""
        with connection.cursor() as cursor:
            cursor.execute(*self.compiled())
            return cursor.rowcount
