"""A program that looks at the first page of a PDF. The PDF is its standard input (a file, in which it can
jump). `size` writes the page's width and height in points, and how many pages there are; `page` writes the
page as a small WebP.

It runs in a process of its own, as `picture_decoder` does, with limits of time and memory. Once PDFium is
loaded, it gives up its rights (`db.confinement`). PDFium is built without JavaScript and without XFA.
It imports nothing of Parley, so that it starts quickly.
"""

import io
import runpy
import sys
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium
from PIL import Image, WebPImagePlugin  # noqa: F401 - it is found only if it is loaded

if sys.platform != "win32":
    import resource

SIZE: Final = "size"  # the arguments
PAGE: Final = "page"
THUMBNAIL: Final = (720, 540)  # pixels at most, as of a picture
MAX_SIDE: Final = 14_400  # points, the largest page that the format has (ISO 32000-1, annex C.2)
MAX_RATIO: Final = 8  # a narrower page would be a line
CPU_SECONDS: Final = {SIZE: 1, PAGE: 6}
MEMORY_BYTES: Final = 240 * 1024 * 1024  # of data
CONFINEMENT: Final = Path(__file__).parents[1] / "db" / "confinement.py"
UNREADABLE: Final = 2  # an exit code
_ERRORS: Final = (pdfium.PdfiumError, OSError, ValueError, MemoryError, OverflowError)


def size(document: pdfium.PdfDocument) -> bytes:
    """Three numbers, with spaces between them. Raises ValueError: the page has a size that is not shown."""
    width, height = document.get_page_size(0)  # without reading what is drawn on it
    points = max(1, round(width)), max(1, round(height))
    if max(points) > MAX_SIDE or max(points) > MAX_RATIO * min(points):
        raise ValueError(points)
    return f"{points[0]} {points[1]} {len(document)}".encode()


def page(document: pdfium.PdfDocument) -> bytes:
    """The first page on white, as a WebP. Forms and notes on it are not drawn."""
    first = document[0]
    width, height = first.get_size()
    scale = min(THUMBNAIL[0] / width, THUMBNAIL[1] / height)
    drawn = first.render(scale=scale, may_draw_forms=False, draw_annots=False)
    written = io.BytesIO()
    drawn.to_pil().convert("RGB").save(written, "WEBP", quality=80)
    return written.getvalue()


def _limit(seconds: int) -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    runpy.run_path(str(CONFINEMENT))["confine"]()


def _main() -> int:
    what = sys.argv[1]
    Image.preinit()  # Pillow loads the rest of its modules, while files can be opened
    _limit(CPU_SECONDS[what])
    try:
        with pdfium.PdfDocument(sys.stdin.buffer) as document:
            sys.stdout.buffer.write(size(document) if what == SIZE else page(document))
    except _ERRORS:
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(_main())
