"""The first page of a PDF: its size is found when the file is received, so that its place is known; its
picture is drawn by a task, which also finds the size if there was no time for that. Each in a process of its
own (`pdf_decoder`), since PDFs can be made to do harm.

A PDF whose page cannot be shown is a file like any other: it is saved."""

import re
import shutil
import subprocess  # nosec B404 - one fixed program of our own
import sys
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Final, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from messaging.models.db.tasks import task
from messaging.models.messages.attachment import Attachment
from messaging.models.messages.file_types import PDF
from messaging.models.messages.preparing import change_file

PROGRAM: Final = Path(__file__).with_name("pdf_decoder.py")  # not imported: it loads PDFium
SIZE_SECONDS: Final = 3  # of the clock: a request waits for it
PAGE_SECONDS: Final = 10
_THREE_NUMBERS: Final = re.compile(rb"(\d{1,5}) (\d{1,5}) (\d{1,8})")
# The sizes of more uploads at once are found by their tasks: their requests would only keep others waiting.
_slots: Final = BoundedSemaphore(2)


class PageSize(NamedTuple):
    """Width and height of the first page of a PDF, in points, and how many pages there are."""

    width: int
    height: int
    pages: int


def first_page(file: IO[bytes]) -> PageSize | None:
    """The size of the first page of a PDF, found within seconds.

    Returns:
        None if the page cannot be shown: the file is broken, encrypted, or takes too long; the page is too
        large or too narrow; or the library is not there. Also if many others are looked at just now.
    """
    if not _slots.acquire(blocking=False):
        return None
    try:
        return _page_size(file)
    except OSError:  # no memory or no disk for the process: the file is saved, and its task tries again
        return None
    finally:
        _slots.release()


@task()
def prepare_page(pk: int) -> None:
    """Draw the first page of a PDF. If that does not succeed, messages show the file without it.

    Args:
        pk: of the `Attachment`. Nothing is done if it is gone, or its page is drawn already.
    """
    file = Attachment.objects.filter(
        pk=pk, content_type=PDF, state=Attachment.State.READY, thumbnail=""
    ).first()
    if file is None:
        return
    size, drawn = _drawn(file)
    if size and drawn:
        # A new name each: one that was lost may be among those to be deleted.
        name = f"{file.stored_as}-page-{token_hex(8)}"
        thumbnail = default_storage.save(name, ContentFile(drawn))
        change_file(file, {**size._asdict(), "thumbnail": thumbnail}, otherwise=[thumbnail])
    elif file.has_page:
        change_file(file, PageSize(0, 0, 0)._asdict(), otherwise=[])


def _drawn(file: Attachment) -> tuple[PageSize | None, bytes]:
    """The size of the first page, and its picture; None and nothing if it cannot be shown."""
    try:
        with default_storage.open(file.stored_as) as stored:
            known = PageSize(file.width, file.height, file.pages) if file.has_page else None
            size = known or _page_size(stored)
            return size, _run(stored, "page", PAGE_SECONDS) if size else b""
    except FileNotFoundError:
        return None, b""


def _page_size(file: IO[bytes]) -> PageSize | None:
    found = _THREE_NUMBERS.fullmatch(_run(file, "size", SIZE_SECONDS))
    return PageSize(*map(int, found.groups())) if found else None


def _run(file: IO[bytes], what: str, seconds: int) -> bytes:
    """What the program writes; nothing if it fails. It gets a copy of the file, in which it can jump."""
    with TemporaryFile() as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy, 1024 * 1024)
        copy.seek(0)
        try:
            # -I: nothing of the environment or the working directory is imported.
            return subprocess.run(  # noqa: S603  # nosec B603 - no part of it comes from a request
                [sys.executable, "-I", str(PROGRAM), what],
                env={},  # the keys of Parley are none of its business
                stdin=copy,
                capture_output=True,
                timeout=seconds,
                check=True,
            ).stdout
        except subprocess.SubprocessError:
            return b""
