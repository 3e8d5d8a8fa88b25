"""Searching names, ignoring case and accents: "jerome" finds Jérôme, and "lodz" Łódź.

Both databases compare folded text. SQLite calls `fold` for it, PostgreSQL has functions that do the same.
"""

from collections.abc import Sequence
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Expression, F, Func, Q, Value
from django.db.models.functions import Cast, Lower, Replace
from django.db.models.lookups import Contains
from django.db.models.sql.compiler import SQLCompiler

from messaging.text.folding import ACCENTS, LETTERS, fold

LONGEST_SEARCH: Final = 80  # characters


def contains(words: str, *fields: str) -> Q:
    """A filter: one of the fields contains this text, ignoring case and accents."""
    found = Q()
    for field in fields:
        found |= Q(Contains(_Folded(F(field)), Value(fold(words))))
    return found


def add_functions(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """`connection_created`: make `fold` known to SQLite."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("parley_fold", 1, fold, deterministic=True)


class _Folded(Func):  # type: ignore[explicit-any] # Func's methods take Any
    function = "parley_fold"
    output_field = CharField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: object
    ) -> tuple[str, Sequence[str | int]]:
        [text] = self.get_source_expressions()
        letters = Func(Cast(text, CharField()), template="normalize(%(expressions)s, NFKD)")
        folded: Expression = Func(
            Lower(letters),
            Value(ACCENTS),
            Value(""),
            Value("g"),
            function="regexp_replace",
            output_field=CharField(),
        )
        for letter, replacement in LETTERS.items():
            folded = Replace(folded, Value(letter), Value(replacement))
        sql, params = compiler.compile(folded)
        return sql, params
