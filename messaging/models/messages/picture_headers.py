"""The size of a picture by its header, without decoding anything: how much room it takes is known before it
is sent."""

import struct
from typing import IO, Final

MAX_HEADER_BYTES: Final = 1024 * 1024  # metadata of a photograph stand before its size
_TURNED: Final = frozenset({5, 6, 7, 8})  # orientations with width and height exchanged
_ORIENTATION: Final = 0x0112
# Start of frame, but not the tables whose markers are between them (DHT, JPG, DAC).
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def picture_size(file: IO[bytes], content_type: str) -> tuple[int, int] | None:
    """Width and height of a picture as it is seen, upright; None if its header says none.

    Args:
        content_type: one of `file_types.PICTURES`.
    """
    file.seek(0)
    data = file.read(MAX_HEADER_BYTES)
    try:
        size = _READERS[content_type](data)
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def _png(data: bytes) -> tuple[int, int] | None:
    width, height = struct.unpack_from(">II", data, 16)
    return (width, height) if data[12:16] == b"IHDR" else None


def _gif(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _webp(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at, is_turned = 2, False
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker in _WITHOUT_LENGTH:
            at += 2
            continue
        length = struct.unpack_from(">H", data, at + 2)[0]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return (height, width) if is_turned else (width, height)
        segment = data[at + 4 : at + 2 + length]
        if marker == 0xE1 and segment.startswith(b"Exif\0\0"):
            is_turned = _orientation(segment[6:]) in _TURNED
        at += 2 + length
    return None


def _orientation(tiff: bytes) -> int:
    """The orientation that EXIF data name; 1, which is upright, if they are broken or name none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        for number in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if tag == _ORIENTATION:
                return int(value)
    except struct.error:
        pass
    return 1


_READERS: Final = {"image/png": _png, "image/gif": _gif, "image/webp": _webp, "image/jpeg": _jpeg}
