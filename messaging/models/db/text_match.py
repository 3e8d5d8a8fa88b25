"""Searching names, ignoring case and accents: "jerome" finds Jérôme, and "lodz" Łódź.

Both databases compare folded text. SQLite calls `fold` for it, PostgreSQL has functions that do the same.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Expression, F, Func, Q, Value
from django.db.models.functions import Cast, Lower, Replace
from django.db.models.lookups import Contains
from django.db.models.sql.compiler import SQLCompiler

LONGEST_SEARCH: Final = 80  # characters
_ACCENTS: Final = "[\u0300-\u036f]"
# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS: Final = dict(
    pair.split("=")
    for pair in "ß=ss æ=ae œ=oe þ=th ς=σ ø=o đ=d ð=d ħ=h ı=i ł=l ŋ=n ŧ=t".split()  # noqa: SIM905
)
_TABLE: Final = str.maketrans(_LETTERS)


def fold(text: str) -> str:
    """Return the text in lower case, without accents, and in one form of Unicode (NFKD)."""
    letters = re.sub(_ACCENTS, "", unicodedata.normalize("NFKD", text).lower())
    return letters.translate(_TABLE)


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


class _Folded(Func):  # type: ignore[explicit-any]
    function = "parley_fold"
    output_field = CharField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: object
    ) -> tuple[str, Sequence[str | int]]:
        [text] = self.get_source_expressions()
        letters = Func(Cast(text, CharField()), template="normalize(%(expressions)s, NFKD)")
        folded: Expression = Func(
            Lower(letters),
            Value(_ACCENTS),
            Value(""),
            Value("g"),
            function="regexp_replace",
            output_field=CharField(),
        )
        for letter, replacement in _LETTERS.items():
            folded = Replace(folded, Value(letter), Value(replacement))
        sql, params = compiler.compile(folded)
        return sql, params
