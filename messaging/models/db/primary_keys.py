"""Primary keys that are known before their rows are inserted."""

from django.db import connection, models


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take the next primary keys of a table, so that new rows can refer to each other in one INSERT.

    On SQLite it must run in a transaction that already writes, so that nobody else takes the same ones.

    Args:
        count: how many, at least 1.

    Returns:
        The ids, ascending.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [connection.ops.quote_name(table), column, count])
            return sorted(pk for (pk,) in cursor.fetchall())
        # AUTOINCREMENT: SQLite raises this number when a row with an explicit id is inserted.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = row[0] if row else 0
    return list(range(last + 1, last + 1 + count))
