"""From the lines of an export to rows, each value checked."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import models
from django.db.models.fields.files import FileField

from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.nouns import Noun
from messaging.archive.site.stored_bytes import BytesIn
from messaging.archive.site.values import absent, from_json, is_stored_file
from messaging.archive.tally import Place
from messaging.models import Attachment, LinkPreview, Message
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.messages.previewing import FOLDER as PREVIEWS
from messaging.models.messages.uploading import FOLDER, random_name
from messaging.text.file_text import MAX_BYTES

Line = dict[str, Any]
Values = dict[str, Any]
_FOLDERS: Final = {Attachment: FOLDER, LinkPreview: PREVIEWS}


def lines_of(path: Path) -> Iterator[tuple[Place, Line]]:
    """The lines of a file, with their places. Raises ArchiveError: one is not a JSON object."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            place = Place(path.name, number)
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                raise ArchiveError(f"{named(place)}: this is not JSON.") from None
            if not isinstance(value, dict):
                raise ArchiveError(f"{named(place)}: this is not a JSON object.")
            yield place, value


def named(place: Place) -> str:
    return f"{place.file}, line {place.line}"


def at(place: Place, make: Callable[[], Values]) -> Values:
    """What `make` returns. If it refuses, the sentence begins with the place."""
    try:
        return make()
    except ArchiveError as error:
        raise ArchiveError(f"{named(place)}: {error}.") from None


class Rows:
    """Makes the values of rows.

    Attributes:
        known: the ids of the rows that are there, for foreign keys; messages are looked up in the database.
    """

    def __init__(self, stored: BytesIn) -> None:
        self._stored = stored
        self.known: dict[type[models.Model], set[int]] = {}

    def values(self, noun: Noun, line: object, others: frozenset[str] = frozenset()) -> Values:
        """The values of the columns of a row.

        Args:
            others: keys of the line that are no columns.

        Raises:
            ArchiveError: one of them is refused; without the place.
        """
        if not isinstance(line, dict):
            raise ArchiveError(f"“{noun.name}” is not a JSON object")
        if unknown := line.keys() - noun.keys.keys() - others:
            raise ArchiveError(f"“{min(unknown)[:40]}” is not known to this version of Parley")
        values: Values = {}
        for key in noun.keys:
            column = noun.column(key)
            try:
                values[column.attname] = self._value(column, line.get(key))
            except ArchiveError as error:
                raise ArchiveError(f"“{key}”: {error}") from None
        return values

    def id_of(self, model: type[models.Model], value: object) -> int:
        """The id of a row that is there. Raises ArchiveError."""
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_ID:
            raise ArchiveError(f"“{str(value)[:40]}” is no id")
        if model is not Message and value not in self.known.get(model, ()):
            raise ArchiveError(f"there is no {model._meta.verbose_name} {value} in the export")
        return value

    def has(self, model: type[models.Model], pk: int) -> bool:
        return pk in self.known.get(model, ())

    def ids(self, model: type[models.Model], values: object, key: str) -> list[int]:
        """The ids in the list that stands under a key. Raises ArchiveError."""
        if not isinstance(values, list):
            raise ArchiveError(f"“{key}” is not a list")
        try:
            return [self.id_of(model, value) for value in values]
        except ArchiveError as error:
            raise ArchiveError(f"“{key}”: {error}") from None

    def note(self, model: type[models.Model], values: Mapping[str, Any]) -> None:
        """Remember that there is this row now."""
        if isinstance(pk := values.get("id"), int):
            self.known.setdefault(model, set()).add(pk)

    def stored_start(self, name: str) -> tuple[int, bytes]:
        """The size of a file that was just stored, and its beginning."""
        with default_storage.open(name) as file:
            return file.size, file.read(MAX_BYTES + 1)

    def _value(self, column: models.Field, value: object) -> object:
        if isinstance(column, models.ForeignKey):
            if value is None:
                return absent(column)
            related: type[models.Model] = column.related_model
            return self.id_of(related, value)
        if is_stored_file(column):
            return self._stored.store(value, _new_name(column)) if value else ""
        return from_json(column, value)


def _new_name(column: models.Field) -> str:
    if isinstance(column, FileField):
        return str(column.upload_to(None, ""))  # type: ignore[operator]
    return random_name(_FOLDERS[column.model])
