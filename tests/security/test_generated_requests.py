"""Whatever a client sends to any URL, the response never has the status 500.

An ordinary run makes few requests, always the same.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging import forms
from tests.amounts import MORE
from tests.factories import uploaded_picture
from tests.security.matrix import RULES
from tests.security.sending_strings import encoded_pairs
from tests.security.test_authorisation import addresses
from tests.security.world import World
from tests.text.naughty import naughty_strings
from tests.views.page import FRAGMENT

ROOT = Path(__file__).parent.parent.parent
REQUESTS = 300 * MORE
PARTS = 10  # run one after the other, each with its share of the URLs
FILES = [uploaded_picture(), b"", b"x"]
SENDERS = ("author", "moderator", "administrator", "guest", "anonymous")
pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def names_of_fields() -> list[str]:
    """The names of all fields that forms, templates and views use."""
    kinds = [getattr(forms, name) for name in forms.__all__]
    names = {name for kind in kinds for name in getattr(kind, "base_fields", {})}
    for template in (ROOT / "templates").rglob("*.html"):
        for pair in re.findall(r'\bname="([a-z_0-9]+)"|[?&]([a-z]+)=', template.read_text()):
            names |= set(pair)
    for view in (ROOT / "messaging/views").rglob("*.py"):
        names |= set(
            re.findall(r'(?:GET|POST|FILES|query)\S*?(?:get|getlist)?[(\[]"([a-z_]+)"', view.read_text())
        )
    return sorted(names - {""})


FIELDS = names_of_fields()
NUMBERS = ["0", "-1", "1", "2", "007", "1e9", "NaN", "٣", "²", "9" * 19, "9" * 400, str(2**63)]
NUMBERS += ["0x10", "1_0", "1.0"]
ODD = [*NUMBERS, "", " ", "\x00", "\ud800", "on", "true", "null", "[]", '{"id": 1}', "../../etc/passwd", "%"]
ODD += ["5e4ac0de-0000-4000-8000-000000000000", "2026-02-30", "2026-11-26T25:61", "a@b.test", "owner"]
ODD += ["//a.test", "x" * 20_000]
texts = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from([text for text in naughty_strings() if len(text) < 2_000]),
    st.text(st.characters(exclude_categories=()), max_size=60),
)
pairs = st.lists(
    st.tuples(st.one_of(st.sampled_from(FIELDS), st.sampled_from(FIELDS), texts), texts), max_size=8
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "HX-Target": texts,
        "HX-Current-URL": texts,
        "HX-Source": texts,
        "If-None-Match": texts,
        "If-Modified-Since": texts,
        "Accept-Language": texts,
        "Referer": texts,
        "User-Agent": texts,
        "Range": texts,
        "Last-Event-ID": texts,
        "X-Requested-With": st.just("XMLHttpRequest"),
        "Accept": st.sampled_from(["application/json", "*/*;q=x", ""]),
    },
)
FORM = "application/x-www-form-urlencoded"
KINDS = [FORM, "multipart/form-data; boundary=b", "multipart/form-data", "application/json", "text/plain", ""]
KINDS += ["multipart/form-data; boundary=" + "b" * 300, f"{FORM}; charset=x"]


def sendable(value: str) -> str:
    """The value as a server passes it on: Latin-1, one line."""
    return value.encode("utf-8", "replace").decode("latin-1").translate({10: " ", 13: " ", 0: " "})[:4_000]


def multipart(fields: list[tuple[str, str]], chosen: bytes) -> dict[str, Any]:
    files = {"picture": SimpleUploadedFile("me.png", chosen, "image/png")}
    return {
        sendable(name) or "x": value.encode("utf-8", "replace").decode() for name, value in fields
    } | files


def test_the_fields_of_the_forms_are_known() -> None:
    assert {"content", "client_id", "revision", "name", "before", "around", "q", "next", "people"} <= set(
        FIELDS
    )
    assert {"current", "thread"} <= set(FIELDS)  # only views in folders name them
    assert len(FIELDS) > 40


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_causes_a_server_error(world: World, part: int) -> None:
    where = [address for name in RULES for _, address in addresses(name, world)]
    counted = 0

    @settings(
        max_examples=REQUESTS // PARTS,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        nonlocal counted
        address = data.draw(st.sampled_from(where[part::PARTS]))
        if data.draw(st.integers(0, 9)) == 0:
            address = re.sub(r"\d+", lambda _: data.draw(st.sampled_from(NUMBERS)), address)
        sent = {name: sendable(value) for name, value in data.draw(headers).items()}
        sent |= FRAGMENT if data.draw(st.booleans()) else {}
        client = world.browser(data.draw(st.sampled_from(SENDERS)))
        query = encoded_pairs(data.draw(pairs)) if data.draw(st.booleans()) else ""
        kind = data.draw(st.sampled_from(["GET", "GET", "form", "form", "multipart", "bytes", "other"]))
        caches["default"].clear()  # the limits on guessing have tests of their own
        with transaction.atomic():
            ask = {
                "GET": lambda: client.get(f"{address}?{query}", headers=sent),
                "form": lambda: client.post(
                    f"{address}?{query}", encoded_pairs(data.draw(pairs)), content_type=FORM, headers=sent
                ),
                "multipart": lambda: client.post(
                    address, multipart(data.draw(pairs), data.draw(st.sampled_from(FILES))), headers=sent
                ),
                "bytes": lambda: client.generic(
                    "POST",
                    address,
                    data.draw(st.binary(max_size=200)),
                    content_type=data.draw(st.sampled_from(KINDS)),
                    headers=sent,
                ),
                "other": lambda: client.generic(
                    data.draw(st.sampled_from(["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "X-Y"])),
                    address,
                    json.dumps(query),
                    headers=sent,
                ),
            }[kind]
            answer = ask()
            assert answer.status_code < 500, (kind, address, answer.status_code)
            answer.getvalue()
            transaction.set_rollback(True)
        counted += 1

    send()
    assert counted >= REQUESTS // PARTS
