"""Brotli and gzip, with a padding whose length can be chosen for each response."""

import gzip
from collections.abc import Callable
from typing import Final, NamedTuple

import brotli

LONGEST_PADDING_BYTES: Final = 256
BROTLI_QUALITY, BROTLI_WINDOW_BITS = 5, 16  # a larger window takes twice the time, and saves nothing
BROTLI_END: Final = b"\x03"  # an empty last block (RFC 7932, 9.2)
GZIP_LEVEL: Final = 6
GZIP_FLAGS, GZIP_HAS_NAME, GZIP_HEADER_BYTES = 3, 0x08, 10  # RFC 1952, 2.3


class Encoding(NamedTuple):
    """A content encoding: its name in HTTP, and two functions.

    `compress` returns what can be stored. `pad` makes a response of it, which contains 0 to
    `LONGEST_PADDING_BYTES` more bytes that the browser skips.
    """

    name: str
    compress: Callable[[bytes], bytes]
    pad: Callable[[bytes, int], bytes]


def _compress_with_brotli(content: bytes) -> bytes:
    compressor = brotli.Compressor(quality=BROTLI_QUALITY, lgwin=BROTLI_WINDOW_BITS)
    return bytes(compressor.process(content) + compressor.flush())


def _pad_brotli(compressed: bytes, padding: int) -> bytes:
    if not padding:
        return compressed + BROTLI_END
    # The head of a block that is skipped (RFC 7932, 9.2): six bits say so, eight hold its length less one.
    head = (0b010110 | (padding - 1) << 6).to_bytes(2, "little")
    return compressed + head + bytes(padding) + BROTLI_END


def _compress_with_gzip(content: bytes) -> bytes:
    return gzip.compress(content, GZIP_LEVEL, mtime=0)


def _pad_gzip(compressed: bytes, padding: int) -> bytes:
    """The padding is the name of the file, as in Django's GZipMiddleware."""
    head = bytearray(compressed[:GZIP_HEADER_BYTES])
    head[GZIP_FLAGS] |= GZIP_HAS_NAME
    return bytes(head) + b"a" * padding + b"\0" + compressed[GZIP_HEADER_BYTES:]


BROTLI: Final = Encoding("br", _compress_with_brotli, _pad_brotli)
GZIP: Final = Encoding("gzip", _compress_with_gzip, _pad_gzip)
