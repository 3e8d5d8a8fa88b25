"""Many ids as one parameter of a statement."""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL


def id_list(ids: Sequence[int]) -> RawSQL:
    """A subquery of these ids, for a filter `…__in`. However many there are, it is one parameter."""
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(ids)])  # nosec B611
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])  # nosec B611
