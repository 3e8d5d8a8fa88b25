"""Redis, where the files are, and what shows the first pages of PDFs."""

import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from messaging.health.checks.configuration import rights
from messaging.health.finding import Finding, fault, warning, well
from messaging.models import Attachment
from messaging.models.messages.pdf_pages import first_page
from messaging.models.messages.uploading import random_name

_SAMPLE = 200  # of the newest files
_FOLDER = "doctor"
_PDF = (
    b"%PDF-1.7\n1 0 obj<</Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]/Count 1>>endobj"
    b" 3 0 obj<</Type/Page>>endobj trailer<</Root 1 0 R>>"
)


def check() -> Iterator[Finding]:
    if settings.REDIS_URL:
        yield _redis()
    if not settings.S3_URL:
        media = settings.VAR_DIR / "media"
        if media.exists():
            yield from rights(media, "The folder of the files")
    yield from _files()
    yield _pages()


def _redis() -> Finding:
    begun = time.monotonic()
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except redis.RedisError as error:
        return warning(
            f"Redis does not answer ({type(error).__name__}). Parley works, but more slowly.",
            "Check REDIS_URL, and that it runs.",
        )
    return well(f"Redis answers in {(time.monotonic() - begun) * 1000:.0f} ms.")


def _files() -> Iterator[Finding]:
    where = "the bucket" if settings.S3_URL else "the folder of the files"
    try:
        name = default_storage.save(random_name(_FOLDER), ContentFile(b"doctor"))
        default_storage.delete(name)
        if not settings.S3_URL:
            with suppress(OSError):  # another process has just written its own file there
                (settings.VAR_DIR / "media" / _FOLDER).rmdir()
        newest = Attachment.objects.exclude(stored_as="").order_by("-pk")[:_SAMPLE]
        names = list(newest.values_list("stored_as", flat=True))
        missing = sum(not default_storage.exists(name) for name in names)
    except OSError as error:
        yield fault(
            f"Nothing can be written into {where} ({error.strerror}).",
            "Check PARLEY_S3_URL." if settings.S3_URL else "Check its owner, its rights and the disk.",
        )
        return
    if missing:
        yield fault(
            f"{missing} of the {len(names)} newest files are missing.",
            "Put them back from a copy (docs/backups.md), or check PARLEY_VAR and PARLEY_S3_URL.",
        )
    else:
        yield well(f"Files can be written, and the {len(names)} newest are there.")


def _pages() -> Finding:
    if first_page(BytesIO(_PDF)):
        return well("The first pages of PDFs are shown.")
    return warning(
        "The first pages of PDFs are not shown: pypdfium2 is missing, or does not work on this machine.",
        "Run `make install`, or leave it: PDFs are then saved as other files are.",
    )
