"""What a file is, by its first bytes. Its name is only what somebody called it."""

import codecs
from dataclasses import dataclass
from typing import Final

SNIFFED_BYTES: Final = 4096  # of the beginning; enough for every signature
UNKNOWN: Final = "application/octet-stream"
TEXT: Final = "text/plain"
PDF: Final = "application/pdf"
PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
VIDEOS: Final = frozenset({"video/mp4", "video/webm", "video/quicktime"})
SOUNDS: Final = frozenset({"audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/flac", "audio/webm"})
# What a browser may show from our address. It runs nothing that is in one of these. Everything else is saved.
SHOWN: Final = PICTURES | VIDEOS | SOUNDS


@dataclass(frozen=True)
class Signature:
    """Bytes at a fixed place by which a format is recognised, and perhaps others at a second place."""

    content_type: str
    start: bytes
    at: int = 0
    then: bytes = b""
    then_at: int = 0

    def matches(self, data: bytes) -> bool:
        return data.startswith(self.start, self.at) and data.startswith(self.then, self.then_at)


# The first that matches decides.
SIGNATURES: Final = (
    Signature("image/jpeg", b"\xff\xd8\xff"),
    Signature("image/png", b"\x89PNG\r\n\x1a\n"),
    Signature("image/gif", b"GIF87a"),
    Signature("image/gif", b"GIF89a"),
    Signature("image/webp", b"RIFF", then=b"WEBP", then_at=8),
    Signature("audio/wav", b"RIFF", then=b"WAVE", then_at=8),
    Signature("image/avif", b"ftypavif", at=4),
    Signature("image/heic", b"ftyphei", at=4),
    Signature("image/heic", b"ftypmif1", at=4),
    Signature("audio/mp4", b"ftypM4A", at=4),
    Signature("video/quicktime", b"ftypqt  ", at=4),
    Signature("video/mp4", b"ftyp", at=4),
    Signature("audio/ogg", b"OggS"),
    Signature("audio/flac", b"fLaC"),
    Signature("audio/mpeg", b"ID3"),
    Signature("audio/mpeg", b"\xff\xfb"),
    Signature(PDF, b"%PDF-"),
    Signature("application/zip", b"PK\x03\x04"),
    Signature("application/gzip", b"\x1f\x8b"),
    Signature("application/x-7z-compressed", b"7z\xbc\xaf\x27\x1c"),
)
_UTF8: Final = codecs.getincrementaldecoder("utf-8")  # takes a character that is cut off
_EBML: Final = b"\x1a\x45\xdf\xa3"  # begins WebM and Matroska, which name themselves a little later


def content_type_of(start: bytes) -> str:
    """The content type of a file.

    HTML, SVG and scripts are text like any other: never a type that a browser would run.

    Args:
        start: its first bytes, at most `SNIFFED_BYTES`.
    """
    for signature in SIGNATURES:
        if signature.matches(start):
            is_recording = signature.content_type == "video/mp4" and _is_sound_in_mp4(start)
            return "audio/mp4" if is_recording else signature.content_type
    if start.startswith(_EBML):
        return _kind_of_webm(start) if b"webm" in start[:64] else UNKNOWN
    return TEXT if _is_text(start) else UNKNOWN


def _is_sound_in_mp4(start: bytes) -> bool:
    """Whether it has sound and no pictures, as recorders of browsers write it: with all of its description
    (the box "moov") at the beginning."""
    at = start.find(b"moov") - 4
    if at < 0:
        return False
    description = start[at : at + int.from_bytes(start[at : at + 4], "big")]
    is_whole = len(description) == int.from_bytes(start[at : at + 4], "big")
    return is_whole and b"soun" in description and b"vide" not in description


def _kind_of_webm(start: bytes) -> str:
    """Sound alone, as recorders of browsers write it, or video. Codecs of pictures begin with "V_"; what
    describes Opus is so short that the codec of another track would be among the first bytes too."""
    return "audio/webm" if b"A_OPUS" in start and b"V_" not in start else "video/webm"


def _is_text(start: bytes) -> bool:
    """Whether it is UTF-8 without control characters. The last character may be cut off."""
    if not start or set(start) & {*range(9), 11, *range(14, 27), *range(28, 32), 127}:
        return False
    try:
        _UTF8().decode(start)
    except UnicodeDecodeError:
        return False
    return True
