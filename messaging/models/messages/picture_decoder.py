"""A program that decodes a picture: it reads the file from its standard input. It writes the picture again
with only its pixels and its colour profile, and then a small copy of it.

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

from PIL import Image, ImageOps, ImageSequence, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin

if sys.platform != "win32":
    import resource

THUMBNAIL: Final = (720, 540)  # at most; twice as many pixels as it is shown with
MAX_PIXELS: Final = 25_000_000
MAX_WEBP_PIXELS: Final = 15_000_000  # its decoder holds each pixel four times: 240 MB
MAX_SIDE: Final = 30_000
MAX_FRAME_PIXELS: Final = 30_000_000  # of all frames together; a longer animation becomes its first frame
# A progressive JPEG has about ten scans. One file of 266 KB had 4,000, and took 18 s.
MAX_SCANS: Final = 100
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")  # no other decoder is given what a stranger sends
CPU_SECONDS: Final = 8
MEMORY_BYTES: Final = 1024 * 1024 * 1024
CONFINEMENT: Final = Path(__file__).parents[1] / "db" / "confinement.py"
UNREADABLE: Final = 2  # an exit code
HEADER: Final = ">III"  # width and height of the picture, and how many bytes it has; then the small one
# Pillow needs these for some pictures, and would load them when no file can be opened any more.
_LOADED: Final = (copy, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
_SCAN: Final = b"\xff\xda"
_QUALITY: Final[dict[str, dict[str, object]]] = {
    "JPEG": {"quality": 90},
    "WEBP": {"quality": 90, "method": 2},
    "PNG": {"compress_level": 2},  # the usual 6 takes 7 s for 25 million pixels of noise
    "GIF": {},
}
Image.MAX_IMAGE_PIXELS = None  # we look at the size ourselves
# What Pillow raises for a file that is no picture, is truncated, or has a false header.
_ERRORS: Final = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError),
    *(struct.error, MemoryError, NotImplementedError, AttributeError, ZeroDivisionError),
)


class TooLarge(Exception):
    """The picture has too many pixels, or is made to take long."""


def cleaned(data: bytes) -> tuple[bytes, bytes, bytes]:
    """`HEADER`, the picture in its format, and a small WebP: upright, with their colour profile, and with no
    other metadata.

    Raises:
        TooLarge: seen before it is decoded.
    """
    kind, upright, full = _opened(data)
    full = full or _written(upright, kind)
    return struct.pack(HEADER, *upright.size, len(full)), full, _small(upright)


def _opened(data: bytes) -> tuple[str, Image.Image, bytes]:
    """The format, the picture (of an animation the first frame), and the animation if there is one."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        most = MAX_WEBP_PIXELS if image.format == "WEBP" else MAX_PIXELS
        if image.width * image.height > most or max(image.size) > MAX_SIDE:
            raise TooLarge
        # A JPEG with a second picture in it, such as phones make, is called MPO.
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        if kind == "JPEG" and data.count(_SCAN) > MAX_SCANS:
            raise TooLarge
        frames = getattr(image, "n_frames", 1)
        if 1 < frames <= MAX_FRAME_PIXELS // (image.width * image.height) and kind != "JPEG":
            animation = _animation(image, kind)
            image.seek(0)
            return kind, image.copy(), animation
        if kind == "WEBP":
            return kind, ImageOps.exif_transpose(image), b""  # a copy: the decoder holds four times as much
        ImageOps.exif_transpose(image, in_place=True)
        return kind, image, b""


def _animation(image: Image.Image, kind: str) -> bytes:
    """All frames in the same format, each for as long as it was."""
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(int(frame.info.get("duration", 100)))
        still = frame.copy()
        still.info.clear()
        frames.append(still)
    written = io.BytesIO()
    options: dict[str, object] = {**_QUALITY[kind], "method": 0} if kind == "WEBP" else {}
    loop = int(image.info.get("loop", 0))
    options |= {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": loop}
    frames[0].save(written, kind, **options)
    return written.getvalue()


def _written(image: Image.Image, kind: str) -> bytes:
    profile = image.info.get("icc_profile")
    transparency = image.info.get("transparency")
    image.info.clear()  # place, camera, comments
    options: dict[str, object] = dict(_QUALITY[kind])
    if profile:
        options["icc_profile"] = profile
    if transparency is not None and kind in ("PNG", "GIF"):
        options["transparency"] = image.info["transparency"] = transparency
    written = io.BytesIO()
    image.save(written, kind, exif=b"", **options)
    if profile:
        image.info["icc_profile"] = profile
    return written.getvalue()


def _small(image: Image.Image) -> bytes:
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode not in ("RGB", "RGBA", "L"):  # which can be made smaller without a copy of the full size
        if image.mode == "CMYK":
            profile = None  # it describes inks; the small picture is in RGB
        image = image.convert(mode)
    scale = min(1, THUMBNAIL[0] / image.width, THUMBNAIL[1] / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image.resize(size, reducing_gap=2.0).convert(mode)
    small.info.clear()
    written = io.BytesIO()
    small.save(written, "WEBP", quality=80, **({"icc_profile": profile} if profile else {}))
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
        sys.stdout.buffer.writelines(cleaned(sys.stdin.buffer.read()))
    except (TooLarge, *_ERRORS):
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(_main())
