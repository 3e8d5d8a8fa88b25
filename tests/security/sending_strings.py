"""Sending any string as a browser does."""

from urllib.parse import quote_from_bytes

from django.core.exceptions import ValidationError
from django.test import Client

from messaging.text import clean_text
from tests.text.naughty import naughty_strings
from tests.views.page import Answer

NAUGHTY = naughty_strings()


FORM = "application/x-www-form-urlencoded"


def encoded(**fields: str) -> str:
    """A form as a browser would send it, and as no browser would: lone surrogates too."""
    return "&".join(
        f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}" for name, value in fields.items()
    )


def arrived(text: str) -> str:
    """The text after it was sent: what is no UTF-8 comes as the replacement character."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def post(client: Client, place: str, headers: dict[str, str] | None = None, **fields: str) -> Answer:
    return client.post(place, encoded(**fields), content_type=FORM, headers=headers)


def submit(client: Client, place: str, fields: dict[str, str]) -> Answer:
    return client.post(place, encoded(**fields), content_type=FORM)


def acceptable(text: str) -> bool:
    try:
        clean_text(text)
    except ValidationError:
        return False
    return True
