"""PDFs made of their objects, and those that were made to do harm."""

import zlib
from typing import Final

_HEADER: Final = b"%PDF-1.7\n"
_CATALOG: Final = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE: Final = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_PAGE: Final = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
_ENCRYPT: Final = b"/ID[(a)(a)]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%b)/U(%b)>>" % (b"0" * 32, b"0" * 32)
_SCRIPT: Final = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
_HARMFUL_LINK: Final = b"/AA<</O<</S/Launch/F(/bin/sh)>>>>"


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    written = bytearray(_HEADER)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table, size = len(written), len(objects) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, b"".join(places))
    written += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, table)
    return bytes(written)


def one_page(
    content: bytes = b"", *more: bytes, box: bytes = b"0 0 595 842", resources: bytes = b"", keys: bytes = b""
) -> bytes:
    """A PDF of one page.

    Args:
        content: what is drawn on it.
        more: objects, numbered from 5.
        box: its corners in points.
    """
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources<<%b>>%b>>" % (
        box,
        resources,
        keys,
    )
    return pdf(_CATALOG, _ONE, page, stream(content), *more)


def stream(content: bytes, keys: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (keys, len(content), content)


def many_pages(number: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (index + 3) for index in range(number))
    return pdf(_CATALOG, b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, number), *[_PAGE] * number)


def _form(content: bytes, inner: int) -> bytes:
    keys = b"/Type/XObject/Subtype/Form/BBox[0 0 999 999]/Resources<</XObject<</X %d 0 R>>>>" % inner
    return stream(content, keys)


def _picture(side: int) -> bytes:
    keys = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB"
    return stream(zlib.compress(b""), b"/Filter/FlateDecode" + keys % (side, side))


_FORMS: Final = b"/XObject<</X 5 0 R>>"
# A form in which the next stands twenty times, and so on: 20 ** 10 squares.
NESTED: Final = one_page(
    b"/X Do", *(_form(b"/X Do " * 20, number) for number in range(6, 16)), _form(b"", 5), resources=_FORMS
)
# Their first page is not shown.
NOT_SHOWN: Final = {
    "header alone": _HEADER,
    "page of the web": b"%PDF-1.7<script>alert(1)</script>",
    "cut": one_page(b"0 0 9 9 re f")[:150],
    "no pages": pdf(_CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"),
    "pages in a circle": pdf(_CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
    "encrypted": pdf(_CATALOG, _ONE, _PAGE, trailer=_ENCRYPT),
    "a line": one_page(box=b"0 0 14000 10"),
    "noise": _HEADER + bytes(range(256)) * 4000,
}
# It has a size, but cannot be drawn.
NOT_DRAWN: Final = {
    "nested forms": NESTED,
    "a form in itself": one_page(b"/X Do", _form(b"/X Do /X Do", 5), resources=_FORMS),
    "deflated twice": one_page().replace(
        b"/Length 0>>stream\n",
        b"/Filter[/FlateDecode/FlateDecode]/Length 999>>stream\n"
        + zlib.compress(zlib.compress(b" " * 250_000_000, 1)),
    ),
}
# Their first page is shown, without harm: the file, and the size and the number of pages.
SHOWN: Final = {
    "10,000 pages": (many_pages(10_000), (595, 842, 10_000)),
    "a number that is a lie": (
        pdf(_CATALOG, _ONE.replace(b"/Count 1", b"/Count 2147483647"), _PAGE),
        (595, 842, 1),
    ),
    "a page as large as a town": (one_page(box=b"0 0 1e9 1e9"), (612, 792, 1)),
    "no size": (pdf(_CATALOG, _ONE, b"<</Type/Page/Parent 2 0 R>>"), (612, 792, 1)),
    "a picture of 900 million pixels": (
        one_page(b"9 0 0 9 0 0 cm /X Do", _picture(30_000), resources=_FORMS),
        (595, 842, 1),
    ),
    "script": (pdf(_CATALOG[:-2] + _SCRIPT + b">>", _ONE, _PAGE), (595, 842, 1)),
    "a program to start": (one_page(keys=_HARMFUL_LINK), (595, 842, 1)),
    "turned": (one_page(keys=b"/Rotate 90"), (842, 595, 1)),
}
