"""Pictures of people, of the team and of custom emoji: an upload becomes a small square, and nothing else of
it is kept.
"""

import subprocess  # nosec B404 - one fixed program of our own
import sys
import uuid
from functools import partial
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Final

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from messaging.models.people import avatar_decoder

FOLDER = "pictures"  # of the storage
MAX_BYTES = 25 * 1024 * 1024
NO_PICTURE = _("This picture cannot be read. Choose a JPEG, PNG, WebP or GIF file.")
TOO_LARGE = _("This picture is too large. The limit is 25 MB and 25 million pixels.")
BUSY = _("Other pictures are being processed. Try again in a moment.")
PROGRAM: Final = Path(avatar_decoder.__file__)
DECODE_SECONDS = 15  # of the clock, also on a busy machine; the program itself limits its CPU time
# 25 million pixels take 100 MB while they are open. More uploads at once are refused: their requests would
# only keep other pages waiting.
_places = BoundedSemaphore(2)


def avatar_path(person: models.Model, name: str) -> str:
    """Where a picture is stored: a new random name each time, so that browsers may keep it for ever."""
    return f"{FOLDER}/{uuid.uuid4().hex}.webp"


def square_avatar(file: IO[bytes], size: int) -> bytes:
    """A WebP of 256 × 256 pixels: the middle of the picture.

    Args:
        size: of the file, in bytes.

    Raises:
        ValidationError: code "too_large" or "unreadable"; code "busy" if as many as are allowed are being
            decoded.
    """
    return _square(file, size, avatar_decoder.AVATAR)


def square_emoji(file: IO[bytes], size: int) -> bytes:
    """A WebP of 128 × 128 pixels: the whole picture. Takes and raises what `square_avatar` does."""
    return _square(file, size, avatar_decoder.EMOJI)


def square_of_page(data: bytes) -> bytes:
    """A WebP of 256 × 256 pixels of a picture from the web: its middle. Waits for its turn.

    Raises:
        ValidationError: as `square_avatar`.
    """
    return _square(BytesIO(data), len(data), avatar_decoder.AVATAR, patience_seconds=DECODE_SECONDS)


def _square(file: IO[bytes], size: int, shape: str, patience_seconds: int = 0) -> bytes:
    """A small square, made by a process of its own (`avatar_decoder`)."""
    if size > MAX_BYTES:
        raise ValidationError(TOO_LARGE, code="too_large")
    if not _places.acquire(timeout=patience_seconds):
        raise ValidationError(BUSY, code="busy")
    try:
        # -I: nothing of the environment or the working directory is imported.
        command = [sys.executable, "-I", str(PROGRAM), shape]
        done = subprocess.run(  # noqa: S603  # nosec B603 - no part of it comes from a request
            command, env={}, input=file.read(), capture_output=True, timeout=DECODE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ValidationError(TOO_LARGE, code="too_large") from error
    finally:
        _places.release()
    if done.returncode == avatar_decoder.TOO_LARGE:
        raise ValidationError(TOO_LARGE, code="too_large")
    if done.returncode:
        raise ValidationError(NO_PICTURE, code="unreadable")
    return done.stdout


def delete_avatar(name: str | None) -> None:
    """Delete a picture's file after the commit, when no row refers to it any more."""
    if name:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
