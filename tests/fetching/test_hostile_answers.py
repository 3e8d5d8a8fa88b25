"""Answers that were made to keep the program busy or to fill its memory: each ends within its bounds."""

import gzip
import resource
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError

from messaging.fetching.errors import NotAllowed, NotFetched
from messaging.fetching.fetching import PAGE, PICTURE, fetch
from messaging.fetching.page_reader import CPU_SECONDS
from messaging.fetching.pages import fetch_page
from messaging.models.people.avatars import square_of_page
from tests.fetching.web import PUBLIC, Web, answer, page
from tests.waiting import PATIENCE_SECONDS

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
MEGABYTE = 1024 * 1024


def endless(first: bytes, block: bytes, pause: float = 0.0) -> Callable[[socket.socket], None]:
    """An answer that never ends: it sends `block` again and again, until nobody listens."""

    def send(connection: socket.socket) -> None:
        connection.settimeout(5)
        with suppress(OSError):
            connection.sendall(first)
            while True:
                connection.sendall(block)
                time.sleep(pause)

    return send


def silent(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.settimeout(5)
        connection.recv(1)


ENDLESS_HEADERS = {
    "/headers": endless(HEAD, b"X-More: " + b"a" * 1000 + b"\r\n"),
    "/one-header": endless(HEAD + b"X-More: ", b"a" * 1000),
    "/status": endless(b"HTTP/1.1 200 ", b"a" * 1000),
    "/continue": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "/trailers": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: " + b"a" * 999 + b"\r\n"),
}


@pytest.mark.parametrize("path", sorted(ENDLESS_HEADERS))
def test_headers_are_bounded(web: Web, path: str) -> None:
    web.pages |= ENDLESS_HEADERS
    with pytest.raises(NotFetched) as failure:
        fetch(web.url(path), PAGE, web)
    assert str(failure.value) != "too slow"  # by its bytes, not by the time


def test_the_beginning_of_an_endless_page_is_enough(web: Web) -> None:
    beginning = b"<title>Endless</title><body>"
    web.pages["/"] = endless(HEAD + b"\r\n" + beginning, b"a" * 9000)
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n1c\r\n" + beginning + b"\r\n"
    web.pages["/chunks"] = endless(chunked, b"1\r\na\r\n" * 900)
    for path in ("/", "/chunks"):
        if path == "/chunks":  # frames of six bytes around one are too many
            with pytest.raises(NotAllowed):
                fetch(web.url(path), PAGE, web)
        else:
            assert len(fetch(web.url(path), PAGE, web).body) == PAGE.max_bytes
            assert fetch_page(web.url(path), web).title == "Endless"


def test_a_server_that_drips_or_is_silent_is_left_in_time(web: Web) -> None:
    web.pages["/body"] = endless(HEAD + b"\r\n", b"a", pause=0.05)
    web.pages["/headers"] = endless(HEAD, b"a", pause=0.05)
    web.pages["/silent"] = silent
    quick = replace(PAGE, seconds=0.4)
    for path in ("/body", "/headers", "/silent"):
        started = time.monotonic()
        with pytest.raises(NotFetched) as failure:
            fetch(web.url(path), quick, web)
        assert failure.value.may_retry
        assert time.monotonic() - started > 0.3


def test_a_name_server_that_is_silent_is_left_in_time(web: Web) -> None:
    answered = threading.Event()
    web.resolve = lambda host: [str(answered.wait(PATIENCE_SECONDS))]  # type: ignore[method-assign]
    with pytest.raises(NotFetched):
        fetch(web.url("/"), replace(PAGE, seconds=0.3), web)
    assert not answered.is_set()
    answered.set()


def test_a_bomb_of_gzip_is_not_unpacked(web: Web) -> None:
    bomb = gzip.compress(b"<title>Bomb</title>" + bytes(120 * MEGABYTE))
    web.pages["/"] = answer(bomb, Content_Encoding="gzip")
    web.pages["/picture"] = answer(bomb, kind="image/png", Content_Encoding="gzip")
    web.pages["/twice"] = answer(gzip.compress(bomb), Content_Encoding="gzip, gzip")
    web.pages["/brotli"] = answer(bomb, Content_Encoding="br")
    web.pages["/false"] = answer(b"<title>x</title>", Content_Encoding="gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(fetch(web.url("/"), PAGE, web).body) == PAGE.max_bytes
    for path, wanted in (("/picture", PICTURE), ("/twice", PAGE), ("/brotli", PAGE), ("/false", PAGE)):
        with pytest.raises(NotAllowed):
            fetch(web.url(path), wanted, web)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    web.pages["/small"] = answer(gzip.compress(b"<title>Small</title>"), Content_Encoding="gzip")
    assert fetch_page(web.url("/small"), web).title == "Small"


@pytest.mark.parametrize(
    ("path", "reply", "may_retry"),
    [
        ("/gone", answer(b"", "404 Not Found"), False),
        ("/forbidden", answer(b"", "403 Forbidden"), False),
        ("/part", answer(b"<title>x</title>", "206 Partial Content"), False),
        ("/fault", answer(b"", "500 Fault"), True),
        ("/many", answer(b"", "429 Too Many Requests"), True),
        ("/json", answer(b"{}", kind="application/json"), False),
        ("/text", answer(b"<title>x</title>", kind="text/plain"), False),
        ("/xhtml", answer(b"<title>x</title>", kind="application/xhtml+xml"), False),
        ("/picture", answer(b"<title>x</title>", kind="image/svg+xml"), False),
        ("/nothing", b"", True),
        ("/other", b"SSH-2.0-OpenSSH_9.6\r\n", True),
        ("/no-title", answer(b"<p>words</p>"), False),
        ("/empty-title", answer(b"<title> \n </title><meta property=og:title content=''>"), False),
        ("/bytes", answer(bytes(range(256)) * 100), False),
        ("/less", HEAD + b"Content-Length: 99\r\n\r\n<p>", False),
        ("/length", HEAD + b"Content-Length: -5\r\n\r\n<p>", False),
        ("/lengths", HEAD + b"Content-Length: 99999999999999999999\r\n\r\n<p>", False),
        ("/chunk", HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n<p>", True),
        ("/no-chunk", HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n<p>", True),
    ],
)
def test_other_answers_have_no_preview(web: Web, path: str, reply: bytes, may_retry: bool) -> None:
    web.pages[path] = reply
    with pytest.raises(NotFetched) as failure:
        fetch_page(web.url(path), web)
    assert failure.value.may_retry is may_retry


def test_a_page_that_is_made_to_be_parsed_for_minutes_is_left(web: Web) -> None:
    web.pages["/"] = answer(b"<title>x</title>" + b"</a " * 130_000)  # the square of it
    began = _seconds_of_ended_processes()
    with pytest.raises(NotAllowed):
        fetch_page(web.url("/"), web)
    assert _seconds_of_ended_processes() - began < CPU_SECONDS + 1


def _seconds_of_ended_processes() -> float:
    """The processor time of the processes that this one started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def bomb_of_pixels(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(MEGABYTE))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_bomb_of_pixels_is_no_picture() -> None:
    for data in (bomb_of_pixels(60_000), bomb_of_pixels(6_000), b"<svg onload='alert(1)'/>", b"", b"GIF89a"):
        with pytest.raises(ValidationError):
            square_of_page(data)


def test_a_picture_is_received_whole_or_not(web: Web) -> None:
    web.pages["/large"] = answer(bytes(PICTURE.max_bytes + 1), kind="image/png")
    web.pages["/most"] = answer(bytes(PICTURE.max_bytes), kind="image/png")
    web.pages["/page"] = page()
    for path in ("/large", "/page"):
        with pytest.raises(NotAllowed):
            fetch(web.url(path), PICTURE, web)
    assert len(fetch(web.url("/most"), PICTURE, web).body) == PICTURE.max_bytes


def certificate(host: str, folder: Path) -> ssl.SSLContext:
    """The context of a server whose certificate, in `folder`, is for this host and signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    both = folder / "both.pem"
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(signed.public_bytes(encoding) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


def test_a_certificate_is_for_the_name_of_the_host(web: Web, tmp_path: Path) -> None:
    context, served = certificate("page.example", tmp_path), []

    def serve(plain: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(plain, server_side=True) as secured:
            served.append(secured.recv(4096))
            secured.sendall(page("Secured"))

    listening = socket.create_server((PUBLIC, 0))
    web.use_port(listening.getsockname()[1])

    def listen() -> None:
        with suppress(OSError):
            while True:
                serve(listening.accept()[0])

    threading.Thread(target=listen, daemon=True).start()
    web.names["other.example"] = [PUBLIC]
    url = f"https://page.example:{web.port}/"
    with listening:
        with pytest.raises(NotFetched):  # nobody has signed it
            fetch(url, PAGE, web)
        web.tls = ssl.create_default_context(cafile=tmp_path / "both.pem")
        assert b"Secured" in fetch(url, PAGE, web).body
        for host in ("other.example", PUBLIC):
            with pytest.raises(NotFetched):
                fetch(url.replace("page.example", host), PAGE, web)
    assert len(served) == 1
