"""People's pictures: an upload becomes a small square, and nothing else of it is kept."""

import io
import struct
import uuid
from functools import partial
from threading import Lock
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

FOLDER = "pictures"  # of the storage
SIDE = 256
MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # no other decoder is given what a stranger sends
NO_PICTURE = _("This picture cannot be read. Choose a JPEG, PNG, WebP or GIF file.")
TOO_LARGE = _("This picture is too large. The limit is 25 MB and 25 million pixels.")
# What Pillow raises for a file that is no picture, is truncated, or has a false header.
UNREADABLE = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError),
    *(
        struct.error,
        MemoryError,
        NotImplementedError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ),
)
one_at_a_time = Lock()  # 25 million pixels take 100 MB while they are open


def avatar_path(person: models.Model, name: str) -> str:
    """Where a picture is stored: a new random name each time, so that browsers may keep it for ever."""
    return f"{FOLDER}/{uuid.uuid4().hex}.webp"


def square_picture(file: IO[bytes], size: int) -> bytes:
    """A WebP of 256 × 256 pixels: the middle of the picture, upright; no animation and no metadata.

    Args:
        size: of the file, in bytes.

    Raises:
        ValidationError: it is too large, which is seen before it is decoded, or no picture.
    """
    if size > MAX_BYTES:
        raise ValidationError(TOO_LARGE, code="too_large")
    try:
        with one_at_a_time, Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(TOO_LARGE, code="too_large")
            return _webp(_middle(image))
    except UNREADABLE as error:
        raise ValidationError(NO_PICTURE, code="unreadable") from error


def delete_picture(name: str | None) -> None:
    """Delete a picture's file after the commit, when no row refers to it any more."""
    if name:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def _middle(image: Image.Image) -> Image.Image:
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG need not be decoded at its full size
    upright = ImageOps.exif_transpose(image)
    has_holes = upright.has_transparency_data
    return ImageOps.fit(upright.convert("RGBA" if has_holes else "RGB"), (SIDE, SIDE))


def _webp(image: Image.Image) -> bytes:
    image.info.clear()  # place, camera, colour profile, comments
    written = io.BytesIO()
    image.save(written, "WEBP", quality=82)
    return written.getvalue()
