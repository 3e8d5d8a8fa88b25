"""Compression: an encoding that the browser accepts, of a random length, and only for pages."""

import gzip
import random
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from messaging.http.compression import MAX_PADDING_BYTES, SHORTEST_BYTES, CompressionMiddleware
from messaging.http.encodings import BROTLI, GZIP, Encoding
from tests.views.page import Answer

PAGE = "<p>Land ho</p>" * 300
BROWSERS = "gzip, deflate, br, zstd"
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": bytes,
}


def answered(response: HttpResponse, accept_encoding: str = BROWSERS) -> HttpResponse:
    request: HttpRequest = RequestFactory(headers={"Accept-Encoding": accept_encoding}).get("/")
    return CompressionMiddleware(lambda _: response)(request)


def decoded(answer: Answer) -> bytes:
    return DECODERS[answer.get("Content-Encoding", "")](answer.content)


@pytest.mark.parametrize(
    ("accept_encoding", "encoding"),
    [
        (BROWSERS, "br"),
        ("br", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br; q=0.0,gzip ;q=0.000", ""),
        ("br;q=0.001", "br"),
        ("identity", ""),
        ("brotli, xgzip", ""),
        ("", ""),
        ("*", ""),
    ],
)
def test_the_browser_gets_an_encoding_that_it_accepts(accept_encoding: str, encoding: str) -> None:
    answer = answered(HttpResponse(PAGE), accept_encoding)
    assert answer.get("Content-Encoding", "") == encoding
    assert decoded(answer) == PAGE.encode()
    assert (len(answer.content) < len(PAGE)) is bool(encoding)
    assert answer.get("Content-Length", str(len(answer.content))) == str(len(answer.content))
    assert "Accept-Encoding" in answer["Vary"]


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_the_length_is_random(encoding: str) -> None:
    lengths = {len(answered(HttpResponse(PAGE), encoding).content) for _ in range(300)}
    assert len(lengths) > MAX_PADDING_BYTES / 2
    assert max(lengths) - min(lengths) <= MAX_PADDING_BYTES + 2  # two bytes announce the padding


@pytest.mark.parametrize("encoding", [BROTLI, GZIP], ids=["br", "gzip"])
@pytest.mark.parametrize("content", [b"", b"a", PAGE.encode(), bytes(range(256)) * 1000])
def test_any_padding_can_be_decoded(encoding: Encoding, content: bytes) -> None:
    compressed = encoding.compress(content)
    lengths = []
    for padding in range(257):
        padded = encoding.pad(compressed, padding)
        assert DECODERS[encoding.name](padded) == content
        lengths.append(len(padded))
    assert lengths[256] - lengths[1] == 255


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("a" * (SHORTEST_BYTES - 1)),
        HttpResponse(PAGE, headers={"Cache-Control": "private, no-store"}),
        HttpResponse(PAGE, headers={"Content-Encoding": "zstd"}),
        HttpResponse(PAGE, content_type="image/webp"),
        HttpResponse(PAGE, content_type="application/zip"),
        HttpResponse(PAGE, content_type="application/json"),
        HttpResponse(status=204),
    ],
    ids=["short", "no-store", "encoded", "picture", "zip", "json", "empty"],
)
def test_other_responses_stay_as_they_are(response: HttpResponse) -> None:
    headers, content = {**response.headers, "Vary": None}, response.content
    answer = answered(response)
    assert {**answer.headers, "Vary": None} == headers
    assert answer.content == content


@pytest.mark.parametrize("kind", ["text/html", "text/event-stream", "application/zip"])
def test_what_is_sent_while_it_is_made_stays_as_it_is(kind: str) -> None:
    response: Any = StreamingHttpResponse([PAGE.encode()] * 3, content_type=kind)
    answer = answered(response)
    assert not answer.has_header("Content-Encoding")
    assert list(answer) == [PAGE.encode()] * 3


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_what_would_become_longer_stays_as_it_is(encoding: str) -> None:
    noise = random.Random(1).randbytes(SHORTEST_BYTES)
    answer = answered(HttpResponse(noise), encoding)
    assert not answer.has_header("Content-Encoding")
    assert answer.content == noise


def test_static_files_do_not_reach_the_middleware() -> None:
    names = settings.MIDDLEWARE
    ours = names.index("messaging.http.compression.CompressionMiddleware")
    assert names.index("site_config.static_files.StaticFilesMiddleware") == ours - 1
