"""What belongs to a message, and what refers to a person: declared once, beside each model.

Removal, erasure, account deletion in batches, the numbers shown before it, its receipt and the personal
export walk these lists. A model with a foreign key to `User` or `Message` that is not declared fails a test
(`tests/models/db/test_registry.py`).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import Q

Rows = models.QuerySet[Any]  # type: ignore[explicit-any] # of any model
AnyRows = TypeVar("AnyRows", bound=Rows)
Export = Callable[[Any], object]  # type: ignore[explicit-any] # of a message, or of a person
# (ids of people; the messages that may be changed; the version to give them, or None for the current version
# of each one's conversation) -> how many rows were deleted
Erase = Callable[[Collection[int], Rows, int | None], int]


@dataclass(frozen=True)
class MessagePart:
    """Rows that belong to a message: deleted with its text.

    Attributes:
        model: it has a foreign key `message`.
        name: their name in the plural, shown with numbers; "" if they are not counted.
        exported_as: their key in the personal export of the message's author; "" if they are left out.
        export: what the export contains of one message, whose rows were prefetched.
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
    """Rows that refer to a person.

    Attributes:
        model: the rows' model.
        field: its foreign key to `User`.
        name: their name in the plural, shown with numbers; "" if they are not counted.
        conversation: the look-up to the conversation whose open pages show the rows, or None.
        message: their foreign key to the message that they belong to, or None; "pk" of messages themselves.
        changes_message: a filter for rows whose deletion also changes their message, which is locked first.
        erase: deletes the rows, if the foreign key's `on_delete` is not enough.
        exported_as: their key in the personal export; "" if they are left out.
        export: what the export contains of a person.
        why_not_exported: why the export leaves these rows out.
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
        """The ids of the messages that change when the rows are deleted."""
        return self.rows(people).filter(self.changes_message).values(self.message or "pk")

    def among(self, messages: AnyRows, people: Collection[int]) -> AnyRows:
        """Of `messages`, those that have such a row of these people: by a join from the message."""
        path = self.field
        if self.message and self.message != "pk":
            foreign_key = cast(models.ForeignKey, self.model._meta.get_field(self.message))
            path = f"{foreign_key.related_query_name()}__{self.field}"
        return messages.filter(**{f"{path}__in": people})


message_parts: list[MessagePart] = []
person_parts: list[PersonPart] = []


def register_message_part(part: MessagePart) -> None:
    message_parts.append(part)


def register_person_part(part: PersonPart) -> None:
    person_parts.append(part)


def parts_on_messages() -> list[PersonPart]:
    """The declared models that name a person and belong to a message, written by them or by others."""
    return [part for part in person_parts if part.message]
