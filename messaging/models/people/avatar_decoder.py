"""A program that decodes a picture: it reads the file from its standard input and writes a small square.
Its argument is a name in `SHAPES`.

It runs in a process of its own, with limits of time and memory, because a decoder can take a minute or a
gigabyte for a small file that was made for that. Once Pillow is loaded, it gives up its rights
(`db.confinement`), because decoders have had holes. It imports nothing of Parley, so that it starts quickly.
"""

import copy
import io
import runpy
import struct
import sys
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin

if sys.platform != "win32":
    import resource

AVATAR, EMOJI = "avatar", "emoji"
SHAPES: Final = {AVATAR: 256, EMOJI: 128}  # the side of the square, in pixels
MAX_PIXELS: Final = 25_000_000
MAX_SIDE: Final = 30_000
# A progressive JPEG has about ten scans. One file of 266 KB had 4,000, and took 18 s.
MAX_SCANS: Final = 100
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")  # no other decoder is given what a stranger sends
CPU_SECONDS: Final = 5
MEMORY_BYTES: Final = 1024 * 1024 * 1024
CONFINEMENT: Final = Path(__file__).parents[1] / "db" / "confinement.py"
UNREADABLE, TOO_LARGE = 2, 3  # exit codes
# Pillow needs these for some pictures, and would load them when no file can be opened any more.
_LOADED: Final = (copy, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
_SCAN: Final = b"\xff\xda"
Image.MAX_IMAGE_PIXELS = None  # we look at the size ourselves
# What Pillow raises for a file that is no picture, is truncated, or has a false header.
_ERRORS: Final = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError),
    *(struct.error, MemoryError, NotImplementedError),
)


class TooLarge(Exception):
    """The picture has too many pixels, or is made to take long."""


def square(data: bytes, shape: str = AVATAR) -> bytes:
    """A square WebP, upright; no animation and no metadata.

    An avatar is the middle of the picture. An emoji is the whole picture, with nothing beside it.

    Raises:
        TooLarge: seen before it is decoded.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
            raise TooLarge
        if image.format == "JPEG" and data.count(_SCAN) > MAX_SCANS:
            raise TooLarge
        side = SHAPES[shape]
        upright = _upright(image, side)
        if shape == EMOJI:
            return _webp(ImageOps.pad(upright.convert("RGBA"), (side, side), color=(0, 0, 0, 0)))
        return _webp(ImageOps.fit(upright, (side, side)))


def _upright(image: Image.Image, side: int) -> Image.Image:
    image.draft("RGB", (2 * side, 2 * side))  # a JPEG need not be decoded at its full size
    upright = ImageOps.exif_transpose(image)
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


def _webp(image: Image.Image) -> bytes:
    image.info.clear()  # place, camera, colour profile, comments
    written = io.BytesIO()
    image.save(written, "WEBP", quality=82)
    return written.getvalue()


def _limit() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    runpy.run_path(str(CONFINEMENT))["confine"]()


def _main() -> int:
    Image.preinit()  # the other decoders
    _limit()
    try:
        sys.stdout.buffer.write(square(sys.stdin.buffer.read(), *sys.argv[1:]))
    except TooLarge:
        return TOO_LARGE
    except _ERRORS:
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(_main())
