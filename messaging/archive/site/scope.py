"""What an export contains, so that no line refers to something that is not in it."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import models
from django.db.models import F

from messaging.archive.site.nouns import Noun
from messaging.archive.site.values import is_stored_file, to_json
from messaging.models import Conversation, Message

Take = Callable[[str], str | None]
READ_AT_ONCE: Final = 2_000  # rows


@dataclass
class Scope:
    """The conversations, each with the last `seq` whose message is in the export, and the ids of other rows
    that were written."""

    cuts: Mapping[int, int]
    kinds: Sequence[str]  # of the conversations
    written: dict[type[models.Model], set[int]] = field(default_factory=dict)

    @property
    def has_private(self) -> bool:
        return Conversation.Kind.DIRECT in self.kinds

    def has(self, model: type[models.Model], pk: int) -> bool:
        known: Container[int] = self.cuts if model is Conversation else self.written.get(model, ())
        return pk in known

    def has_message(self, conversation: int, seq: int) -> bool:
        return seq <= self.cuts.get(conversation, 0)


class Lines:
    """Makes the lines of nouns.

    Args:
        take: copies a stored file, and returns its hash, or None if it is lost.
    """

    def __init__(self, scope: Scope, take: Take) -> None:
        self._scope = scope
        self._take = take

    @property
    def has_private(self) -> bool:
        """Whether what only one person sees is in the export."""
        return self._scope.has_private

    def has(self, model: type[models.Model], pk: int) -> bool:
        return self._scope.has(model, pk)

    def of(self, noun: Noun) -> Iterator[dict[str, object]]:
        """Yield the lines of all rows that are in the export."""
        rows = noun.model._base_manager.order_by("pk")
        if noun.model is Conversation:
            rows = rows.filter(kind__in=self._scope.kinds)
        about = next((key for key in noun.keys.values() if _refers_to(noun, key) is Message), None)
        if about:
            rows = rows.annotate(_at=F(f"{about}__conversation"), _seq=F(f"{about}__seq"))
        extra = ("_at", "_seq") if about else ()
        for row in rows.values(*noun.keys.values(), *extra).iterator(READ_AT_ONCE):
            if about and not self._scope.has_message(row["_at"], row["_seq"]):
                continue
            if noun.model is Conversation:
                if row["id"] not in self._scope.cuts:
                    continue
                row["version"] = self._scope.cuts[row["id"]]
            line = self.line(noun, row)
            if line is not None:
                yield line

    def line(self, noun: Noun, row: Mapping[str, object]) -> dict[str, object] | None:
        """One line, or part of one. None if it needs something that is not in the export."""
        line: dict[str, object] = {}
        for key, name in noun.keys.items():
            column, value = noun.column(key), row[name]
            if value is None or value == "" or (key in noun.private_keys and not self._scope.has_private):
                continue
            if isinstance(column, models.ForeignKey) and column.related_model is not Message:
                if self._scope.has(column.related_model, value):  # type: ignore[arg-type]
                    line[key] = value
                elif not column.null:
                    return None
            elif is_stored_file(column):
                if sha256 := self._take(str(value)):
                    line[key] = sha256
            else:
                line[key] = to_json(value)
        return line


def _refers_to(noun: Noun, name: str) -> object:
    column = noun.model._meta.get_field(name)
    return column.related_model if isinstance(column, models.ForeignKey) else None
