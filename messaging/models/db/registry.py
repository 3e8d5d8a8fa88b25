"""What hangs on a message and on a person: declared once, beside each model.

Removal, erasure, account deletion in batches, the numbers shown before it, its receipt and the personal
export walk these lists. A model with a foreign key to `User` or `Message` that is not declared fails a test
(`tests/models/db/test_registry.py`).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import Q

Rows = models.QuerySet[Any]  # type: ignore[explicit-any] # of whatever model
AnyRows = TypeVar("AnyRows", bound=Rows)
# (people by their ids, messages to look at, the version that the change is written with or None) -> how many
Export = Callable[[Any], object]  # type: ignore[explicit-any] # of a message, or of a person
Erase = Callable[[Collection[int], Rows, int | None], int]


@dataclass(frozen=True)
class MessagePart:
    """Rows that hang on a message: deleted with its words.

    Attributes:
        model: it has a foreign key `message`.
        name: what they are called in the plural, where numbers are shown.
        exported_as: their key in the personal export of the message's author; "" where they are not in it.
        export: what the export says of one message, whose rows were prefetched.
    """

    model: type[models.Model]
    name: str
    exported_as: str = ""
    export: Export | None = None

    def rows(self, messages: Rows) -> Rows:
        return self.model._default_manager.filter(message__in=messages.values("pk"))

    @property
    def related_name(self) -> str:
        """The rows of one message, as an attribute of it."""
        foreign_key = cast(models.ForeignKey, self.model._meta.get_field("message"))
        return str(foreign_key.remote_field.get_accessor_name())


@dataclass(frozen=True)
class PersonPart:
    """Rows that name a person, beside the messages that they wrote.

    Attributes:
        model: the rows' model.
        field: its foreign key to `User`.
        name: what they are called in the plural, where numbers are shown; "" where they are not counted.
        conversation: the look-up to the conversation whose open pages show the rows, or None.
        message: their foreign key to the message that they hang on, or None; "pk" of messages themselves.
        changes_message: a filter for rows whose deletion also changes their message, which is locked first.
        erase: deletes the rows, where the foreign key's `on_delete` is not enough.
        exported_as: their key in the personal export; "" where they are not in it.
        export: what the export says of a person.
        why_not_exported: the reason, where it says nothing.
    """

    model: type[models.Model]
    field: str
    name: str = ""
    conversation: str | None = None
    message: str | None = None
    changes_message: Q = Q()  # noqa: RUF009
    erase: Erase | None = None
    exported_as: str = ""
    export: Export | None = None
    why_not_exported: str = ""

    def rows(self, people: Collection[int]) -> Rows:
        return self.model._default_manager.filter(**{f"{self.field}__in": people})

    def conversations(self, people: Collection[int]) -> Rows:
        """The ids of the conversations that show the rows."""
        return self.rows(people).values(self.conversation or "pk")

    def messages(self, people: Collection[int]) -> Rows:
        """The ids of the messages that are different when the rows are gone."""
        return self.rows(people).filter(self.changes_message).values(self.message or "pk")

    def among(self, messages: AnyRows, people: Collection[int]) -> AnyRows:
        """Those of the messages that the rows hang on, by a join from the message."""
        path = self.field
        if self.message and self.message != "pk":
            foreign_key = cast(models.ForeignKey, self.model._meta.get_field(self.message))
            path = f"{foreign_key.related_query_name()}__{self.field}"
        return messages.filter(**{f"{path}__in": people})


message_parts: list[MessagePart] = []
person_parts: list[PersonPart] = []


def hangs_on_message(part: MessagePart) -> None:
    message_parts.append(part)


def names_person(part: PersonPart) -> None:
    person_parts.append(part)


def parts_on_messages() -> list[PersonPart]:
    """The parts of a person that hang on messages, be they their own or others'."""
    return [part for part in person_parts if part.message]
