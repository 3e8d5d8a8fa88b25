"""Values of columns as JSON, and back."""

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from messaging.archive.site.errors import ArchiveError
from messaging.backup.contents import NAMING
from messaging.models.people.usernames import validate_username_is_free

Value = object
_TYPES: Final[dict[type, type | tuple[type, ...]]] = {
    models.BooleanField: bool,
    models.IntegerField: int,
    models.CharField: str,
    models.TextField: str,
    models.JSONField: (list, dict),
}


def is_stored_file(column: models.Field) -> bool:
    """Whether a column names bytes in the storage."""
    return isinstance(column, models.FileField) or column.name in NAMING.get(column.model, ())


def to_json(value: Value) -> Value:
    """A value of a column that refers to nothing."""
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def from_json(column: models.Field, value: Value) -> Value:
    """The value of a column that refers to nothing, checked.

    Raises:
        ArchiveError: it has the wrong type, the column does not accept it, or there is no form of its type.
    """
    if value is None:
        return absent(column)
    try:
        if isinstance(column, models.DateTimeField):
            return _with_zone(datetime.fromisoformat(_checked(value, str)))
        if isinstance(column, models.DateField):
            return date.fromisoformat(_checked(value, str))
        if isinstance(column, models.TimeField):
            return _without_zone(time.fromisoformat(_checked(value, str)))
        if isinstance(column, models.UUIDField):
            return UUID(_checked(value, str))
    except (ValueError, TypeError):
        raise ArchiveError(f"{_shown(value)} is not a valid value") from None
    wanted = next((kind for base, kind in _TYPES.items() if isinstance(column, base)), None)
    if wanted is None:
        raise ArchiveError(f"a {type(column).__name__} cannot be imported")
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is int):
        raise ArchiveError(f"{_shown(value)} is not a valid value")
    for text in _texts(value):
        refuse_unstorable(text)
    _validate(column, value)
    return value


def absent(column: models.Field) -> Value:
    """The value of a column of which the line says nothing. Raises ArchiveError: it must say something."""
    if column.null:
        return None
    if isinstance(column, models.TextField) or (isinstance(column, models.CharField) and column.blank):
        return ""
    if column.has_default():
        return column.get_default()
    raise ArchiveError("is missing")


def refuse_unstorable(text: str) -> None:
    """Raises ArchiveError: no database stores this text."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ArchiveError(f"{_shown(text)} has characters that cannot be stored")


def _texts(value: Value) -> Iterator[str]:
    """All texts in a value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _validate(column: models.Field, value: Value) -> None:
    try:
        is_json = isinstance(column, models.JSONField)
        if is_json and column.has_default() and not isinstance(value, type(column.get_default())):
            raise ValidationError("")
        if column.choices and value not in dict(column.flatchoices):
            raise ValidationError("")
        for validator in column.validators:
            # The names of an older version stay valid, whatever names are reserved since.
            if validator is not validate_username_is_free and value not in column.empty_values:
                validator(value)
    except ValidationError:
        raise ArchiveError(f"{_shown(value)} is not a valid value") from None


def _with_zone(moment: datetime) -> datetime:
    # In the first and the last year, some time zone has no such time.
    if moment.tzinfo is None or not MINYEAR < moment.year < MAXYEAR:
        raise ValueError
    return moment


def _without_zone(hour: time) -> time:
    if hour.tzinfo is not None:
        raise ValueError
    return hour


def _checked(value: Value, wanted: type[str]) -> str:
    if not isinstance(value, wanted):
        raise TypeError
    return value


def _shown(value: Value) -> str:
    return f"“{str(value)[:40]}”".encode("utf-8", "replace").decode()
