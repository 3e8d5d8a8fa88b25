"""The first page of a PDF: its size is found when the file is received, so that its place is known; its
picture is drawn by a task. Each in a process of its own (`pdf_decoder`), since PDFs can be made to do harm.

A PDF whose page cannot be shown is a file like any other: it is saved."""

import re
import shutil
import subprocess  # nosec B404 - one fixed program of our own
import sys
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from messaging.models.db.tasks import task
from messaging.models.messages.attachment import Attachment
from messaging.models.messages.preparing import change_file

PROGRAM: Final = Path(__file__).with_name("pdf_decoder.py")  # not imported: it loads PDFium
SIZE_SECONDS: Final = 3  # of the clock: a request waits for it
PAGE_SECONDS: Final = 10
_THREE_NUMBERS: Final = re.compile(rb"(\d{1,5}) (\d{1,5}) (\d{1,8})")
# More uploads at once show no pages: their requests would only keep others waiting.
_places: Final = BoundedSemaphore(2)


def first_page(file: IO[bytes]) -> tuple[int, int, int] | None:
    """Width and height of the first page of a PDF, in points, and how many pages there are.

    Returns:
        None if the page cannot be shown: the file is broken, encrypted, or takes too long; the page is too
        large or too narrow; or the library is not there.
    """
    if not _places.acquire(timeout=1):
        return None
    try:
        found = _THREE_NUMBERS.fullmatch(_run(file, "size", SIZE_SECONDS))
    finally:
        _places.release()
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


@task()
def prepare_page(pk: int) -> None:
    """Draw the first page of a PDF. If that does not succeed, messages show the file without it."""
    file = Attachment.objects.without_their_page().filter(pk=pk).first()
    if file is None:
        return
    try:
        with default_storage.open(file.stored_as) as stored:
            drawn = _run(stored, "page", PAGE_SECONDS)
    except FileNotFoundError:
        drawn = b""
    if drawn:
        # A new name each: one that was lost may be among those to be deleted.
        name = f"{file.stored_as}-page-{token_hex(8)}"
        thumbnail = default_storage.save(name, ContentFile(drawn))
        change_file(file, {"thumbnail": thumbnail}, otherwise=[thumbnail])
    else:
        change_file(file, {"width": 0, "height": 0, "pages": 0}, otherwise=[])


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
                stdin=copy,
                capture_output=True,
                timeout=seconds,
                check=True,
            ).stdout
        except subprocess.SubprocessError:
            return b""
