"""Sending any string as a browser does."""

from collections.abc import Iterable
from urllib.parse import quote_from_bytes

from django.core.exceptions import ValidationError
from django.test import Client

from messaging.text import clean_text
from tests.text.naughty import naughty_strings
from tests.views.page import Answer

NAUGHTY = naughty_strings()


FORM = "application/x-www-form-urlencoded"


def encoded(**fields: str) -> str:
    return encoded_pairs(fields.items())


def encoded_pairs(fields: Iterable[tuple[str, str]]) -> str:
    """Encodes a form, including lone surrogates, which no browser would send."""
    return "&".join(
        "=".join(quote_from_bytes(part.encode("utf-8", "surrogatepass")) for part in pair) for pair in fields
    )


def arrived(text: str) -> str:
    """The text as the server reads it: invalid UTF-8 becomes the replacement character."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def post(client: Client, place: str, headers: dict[str, str] | None = None, **fields: str) -> Answer:
    return submit(client, place, fields, headers)


def submit(
    client: Client, place: str, fields: dict[str, str], headers: dict[str, str] | None = None
) -> Answer:
    return client.post(place, encoded(**fields), content_type=FORM, headers=headers)


def acceptable(text: str) -> bool:
    try:
        clean_text(text)
    except ValidationError:
        return False
    return True
