"""The result of looking up a page that a message links to: fetched now, or copied from another message."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from messaging.fetching.errors import NotFetched
from messaging.fetching.fetching import PICTURE, fetch
from messaging.fetching.network import Network
from messaging.fetching.pages import fetch_page
from messaging.models.messages.link_preview import (
    DESCRIPTION_LENGTH,
    MAX_TRIES,
    SITE_NAME_LENGTH,
    TITLE_LENGTH,
    LinkPreview,
)
from messaging.models.people.avatars import square_of_page
from messaging.text.cleaning import is_visible, remove_forbidden

NETWORK = Network()


@dataclass(frozen=True)
class Result:
    """The result of looking up a page. Without a title it failed; `tries` is as in `LinkPreview`."""

    tried_at: datetime
    title: str = ""
    description: str = ""
    site_name: str = ""
    picture: bytes = b""
    tries: int = 0


def fetched(url: str) -> Result:
    """The result of fetching a page now."""
    now = timezone.now()
    try:
        page = fetch_page(url, NETWORK)
    except NotFetched as failure:
        return Result(now, tries=1 if failure.may_retry else MAX_TRIES)
    title = _line(page.title, TITLE_LENGTH)
    if not title:
        return Result(now, tries=MAX_TRIES)
    return Result(
        tried_at=now,
        title=title,
        description=_line(page.description, DESCRIPTION_LENGTH),
        site_name=_line(page.site_name, SITE_NAME_LENGTH),
        picture=_picture(page.picture) if page.picture else b"",
    )


def copied(known: LinkPreview) -> Result:
    """The result that another message has."""
    picture = b""
    if known.picture:
        with suppress(FileNotFoundError), default_storage.open(known.picture) as stored:
            picture = stored.read()
    texts = (known.title, known.description, known.site_name)
    return Result(known.tried_at, *texts, picture, tries=known.tries)


def _picture(url: str) -> bytes:
    """The small picture of a page; empty if there is none that can be shown."""
    try:
        return square_of_page(fetch(url, PICTURE, NETWORK).body)
    except (NotFetched, ValidationError):
        return b""


def _line(text: str, length: int) -> str:
    """A text of a page in one line; empty if nothing of it is visible."""
    line = " ".join(remove_forbidden(text).split())
    if not is_visible(line):
        return ""
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
