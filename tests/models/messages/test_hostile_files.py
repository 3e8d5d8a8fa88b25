"""Files that were made to do harm: each is refused with a sentence, saved and never run, or only its pixels
are kept."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from messaging.models import User
from messaging.models.messages import preparing
from messaging.models.messages.file_types import SHOWN, TEXT, UNKNOWN, content_type_of
from messaging.models.messages.preparing import prepare_picture
from messaging.models.messages.uploading import clean_name, upload
from tests.factories import UserFactory, uploaded_picture

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert(1)</script>"
HTML = b"<!doctype html><title>x</title>" + SCRIPT


@pytest.fixture
def ada() -> User:
    return UserFactory.create(username="ada")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes = b"", more: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + more + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bomb_text() -> bytes:
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000)))


def jpeg(exif: bytes) -> bytes:
    plain = uploaded_picture(kind="JPEG")
    segment = b"Exif\0\0" + exif
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (HTML, TEXT),
        (b"\xef\xbb\xbf" + HTML, TEXT),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', TEXT),
        (b"<svg><script>alert(1)</script></svg>", TEXT),
        (b"alert(1)", TEXT),
        (b"#!/bin/sh\nrm -rf /\n", TEXT),
        ("Grüße".encode() * 1000, TEXT),
        ("Grüße".encode()[:3], TEXT),  # cut within a letter
        ("Grüße".encode("latin-1"), UNKNOWN),
        (HTML.decode().encode("utf-16"), UNKNOWN),
        (b"\0" + HTML, UNKNOWN),
        (b"MZ\x90\0", UNKNOWN),
        (b"\x7fELF\x02", UNKNOWN),
        (b"", UNKNOWN),
        (b"%PDF-1.7" + SCRIPT, "application/pdf"),
        (b"PK\x03\x04" + SCRIPT, "application/zip"),
        (b"\x1a\x45\xdf\xa3" + SCRIPT, UNKNOWN),
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm", "video/webm"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"BM" + SCRIPT, TEXT),
        (b"RIFF\x10\0\0\0AVI ", UNKNOWN),
    ],
)
def test_type_is_that_of_the_content(data: bytes, content_type: str) -> None:
    assert content_type_of(data) == content_type


def test_nothing_that_a_browser_runs_is_shown() -> None:
    runs = {
        "text/html",
        "image/svg+xml",
        "application/pdf",
        "text/xml",
        "application/xhtml+xml",
        "text/javascript",
    }
    assert not SHOWN & runs


@pytest.mark.parametrize(
    "name", ["page.html", "picture.svg", "photo.png", "script.js", "x.xhtml", "movie.mp4"]
)
def test_name_does_not_decide(ada: User, name: str) -> None:
    file = upload(SimpleUploadedFile(name, HTML, content_type="text/html"), ada)
    assert (file.content_type, file.is_shown_by_browsers) == (TEXT, False)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        ("a\0b.png", "ab.png"),
        ("a\nb\r.png", "a b.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("\u200e\u200f\u061c", "file"),
        ("ﬁ\u2028.txt", "ﬁ .txt"),
        (".htaccess", "htaccess"),
        ("x" * 500 + ".jpeg", "x" * 114 + "….jpeg"),
        ("x" * 500, "x" * 119 + "…"),
        ('"; filename="evil.html', '"; filename="evil.html'),
        ("\ud800.txt", "txt"),
        ("日本.png", "日本.png"),
    ],
)
def test_names(name: str, stored: str) -> None:
    assert clean_name(name) == stored
    assert len(clean_name(name)) <= 120


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(50_000, 50_000), "too_large"),
        (png(2**31 - 1, 2**31 - 1), "too_large"),
        (png(30_001, 1), "too_large"),
        (png(0, 5), "unreadable"),
        (b"\x89PNG\r\n\x1a\n", "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "unreadable"),
        (b"\xff\xd8\xff" + HTML, "unreadable"),
        (b"\xff\xd8\xff\xe1\xff\xff", "unreadable"),
        (b"\xff\xd8" + b"\xff" * 2_000_000, "unreadable"),
        (b"GIF89a", "unreadable"),
        (b"GIF89a\xff\xff\xff\xff" + HTML, "too_large"),
        (b"RIFF\x10\0\0\0WEBPVP8X", "unreadable"),
        (b"RIFF\x10\0\0\0WEBPVP8X" + b"\xff" * 20, "too_large"),
        (b"", "empty"),
    ],
)
def test_picture_is_refused_by_its_header(ada: User, data: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        upload(SimpleUploadedFile("picture.png", data), ada)
    assert refused.value.code == code
    assert refused.value.messages[0].endswith(".")


UNDECODABLE = {
    "no pixels": png(5_000, 5_000),
    "few": png(100, 100, bytes(50)),
    "text bomb": png(10, 10, bytes(110), more=bomb_text()),
    "gif": b"GIF89a\x0a\0\x0a\0" + HTML,
    "cut png": uploaded_picture(200)[:-200],
    "cut jpeg": uploaded_picture(200, "JPEG")[:300],
    "webp": b"RIFF\x20\0\0\0WEBPVP8 \x10\0\0\0\0\0\0\x9d\x01\x2a\x0a\0\x0a\0" + SCRIPT,
    "scans": uploaded_picture(40, "JPEG").replace(b"\xff\xda", b"\xff\xda" * 200),
}


@pytest.mark.parametrize("data", UNDECODABLE.values(), ids=UNDECODABLE)
def test_picture_that_cannot_be_decoded_is_lost(ada: User, data: bytes) -> None:
    file = upload(SimpleUploadedFile("picture.png", data), ada)
    assert file.is_waiting
    prepare_picture.func(file.pk)
    file.refresh_from_db()
    assert (file.state, file.stored_names) == ("lost", [])


def test_picture_that_takes_too_long_is_lost(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    file = upload(SimpleUploadedFile("picture.png", uploaded_picture()), ada)
    monkeypatch.setattr(preparing, "DECODE_SECONDS", 0.001)
    prepare_picture.func(file.pk)
    file.refresh_from_db()
    assert (file.state, file.stored_names) == ("lost", [])


POLYGLOTS = [
    uploaded_picture() + HTML,  # a page behind the picture
    uploaded_picture(kind="JPEG", comment=HTML),
    uploaded_picture(kind="GIF", comment=HTML),
    uploaded_picture(kind="JPEG") + b"PK\x03\x04" + SCRIPT,
    jpeg(HTML),
    jpeg(b"II*\0\xff\xff\xff\xff" + SCRIPT),
    jpeg(b"MM\0*\0\0\0\x08\xff\xff" + SCRIPT),
    uploaded_picture(kind="WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0" + SCRIPT, xmp=SCRIPT),
    png(10, 10, bytes(110), more=chunk(b"tEXt", b"Comment\0" + SCRIPT)),
    png(10, 10, bytes(110), more=chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SCRIPT)),
]


@pytest.mark.parametrize("data", POLYGLOTS)
def test_only_the_pixels_of_a_polyglot_are_kept(ada: User, data: bytes) -> None:
    assert SCRIPT in data
    file = upload(SimpleUploadedFile("picture.html", data), ada)
    prepare_picture.func(file.pk)
    file.refresh_from_db()
    assert file.is_ready
    for name in file.stored_names:
        assert SCRIPT not in Path(default_storage.path(name)).read_bytes()


def frames_of(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1))


def test_animation_is_kept_and_its_thumbnail_stands_still(ada: User) -> None:
    written = io.BytesIO()
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "green", "blue")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:], duration=[50, 60, 70], loop=0)
    file = upload(SimpleUploadedFile("wave.gif", written.getvalue()), ada)
    prepare_picture.func(file.pk)
    file.refresh_from_db()
    with Image.open(default_storage.path(file.stored_as)) as full:
        assert (full.format, frames_of(full), full.info["duration"]) == ("GIF", 3, 50)
    with Image.open(default_storage.path(file.thumbnail)) as small:
        assert (small.format, frames_of(small), small.size) == ("WEBP", 1, (20, 10))


def test_a_photograph_with_a_second_picture_in_it_is_a_jpeg(ada: User) -> None:
    """Pillow calls it MPO; phones and cameras make them."""
    exif = Image.Exif()
    exif[0x0112] = 6
    written = io.BytesIO()
    second = Image.new("RGB", (40, 20), "red")
    Image.new("RGB", (40, 20), "teal").save(written, "MPO", save_all=True, append_images=[second], exif=exif)
    file = upload(SimpleUploadedFile("sea.jpg", written.getvalue()), ada)
    prepare_picture.func(file.pk)
    file.refresh_from_db()
    with Image.open(default_storage.path(file.stored_as)) as full:
        assert (full.format, frames_of(full), full.size) == ("JPEG", 1, (20, 40))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_photographs(ada: User, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    written = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(written, "JPEG", exif=exif)
    file = upload(SimpleUploadedFile("photo.jpg", written.getvalue()), ada)
    expected = (20, 30) if orientation > 4 else (30, 20)
    assert (file.width, file.height) == expected
    prepare_picture.func(file.pk)
    file.refresh_from_db()
    assert (file.width, file.height) == expected
