"""Requests that no browser sends: the response says what is wrong about them, and is never a server error."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="content"\r\n\r\n%b\r\n--x--\r\n'


@pytest.fixture
def place(room: Conversation) -> str:
    return reverse("message_send", args=[room.pk])


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\xfd", b"\xed\xa0\x80 lone", b"ok \xc3\x28", b"\x80" * 10_000, b"\xf8\x88\x80\x80\x80"],
)
@pytest.mark.parametrize("content_type", [FORM, BOUNDARY])
def test_invalid_utf_8_is_stored_with_replacement_characters(
    as_ada: Client, place: str, content: bytes, content_type: str
) -> None:
    escaped = b"".join(b"%%%02X" % byte for byte in content)
    body = b"content=" + escaped if content_type == FORM else PART % content
    assert as_ada.post(place, body, content_type=content_type).status_code == 302
    assert Message.objects.get().content == content.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/json",
        "application/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\u00e9",
        "multipart/form-data; boundary=" + "x" * 5_000,
        "multipart/mixed; boundary=x",
        "x" * 10_000,
        ";;;=;",
    ],
)
def test_a_body_of_another_kind_is_refused(as_ada: Client, place: str, content_type: str) -> None:
    answer = as_ada.generic("POST", place, PART % b"Hello", content_type=content_type)
    assert answer.status_code in {400, 422}
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x\r\n\r\n--x--",
        b"--x\r\nContent-Disposition: form-data\r\n\r\nHi\r\n--x--",
        b'--x\r\nContent-Disposition: form-data; name="content"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--",
        b'--x\r\nContent-Disposition: form-data; name="content"; filename="a"\r\n\r\nHi\r\n--x--',
    ],
)
def test_a_form_that_is_broken_sends_nothing(as_ada: Client, place: str, body: bytes) -> None:
    assert as_ada.post(place, body, content_type=BOUNDARY).status_code in {400, 422}
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"content=" + b"x" * 3_000_000, b"a=1&" * 2_000 + b"content=x", PART % (b"x" * 3_000_000)],
    ids=["long", "many fields", "long part"],
)
def test_a_too_large_body_is_refused(as_ada: Client, place: str, body: bytes) -> None:
    content_type = BOUNDARY if body.startswith(b"--x") else FORM
    assert as_ada.post(place, body, content_type=content_type).status_code in {400, 413}
    assert not Message.objects.exists()


@pytest.mark.english
def test_the_largest_body_that_is_read_is_refused_with_the_reason(as_ada: Client, place: str) -> None:
    answer = as_ada.post(place, b"content=" + b"x" * 2_000_000, content_type=FORM)
    assert answer.status_code == 422
    assert "2,000,000 characters" in answer.content.decode()


def test_a_file_in_place_of_text_is_refused(as_ada: Client, place: str) -> None:
    part = PART.replace(b'"content"', b'"content"; filename="text.txt"') % (b"x" * 3_000_000)
    assert as_ada.post(place, part, content_type=BOUNDARY).status_code == 422


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X" * 500])
def test_a_method_that_nobody_needs_changes_nothing(
    as_ada: Client, room: Conversation, message: Message, method: str
) -> None:
    for name, pk in (
        ("conversation", room.pk),
        ("message_list", room.pk),
        ("message_send", room.pk),
        ("message_edit", message.pk),
        ("message_remove", message.pk),
        ("message_reply", message.pk),
    ):
        answer = as_ada.generic(
            method, reverse(name, args=[pk]), b"content=Words&revision=0", content_type=FORM
        )
        assert (name, answer.status_code) == (name, 405)
    assert [(one.content, one.is_removed) for one in Message.objects.all()] == [("Land ho", False)]


@pytest.mark.parametrize(
    "path", ["/%00", "/messages/1%00/", "/%ED%A0%80/", "/%FF%FE/", "/messages/%31%2F/", "/a" * 3_000]
)
def test_an_invalid_path_is_not_found(as_ada: Client, path: str) -> None:
    assert as_ada.get(path).status_code == 404


def test_a_strange_host_is_refused(as_ada: Client) -> None:
    assert as_ada.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/static/../.git/config", "/static/%2e%2e/site_config/settings.py", "/manage.py"),
        *("/var/db.sqlite3", "/media/", "/static/", "/static/js/", "/static//etc/passwd"),
    ],
)
def test_nothing_of_the_programs_own_folders_is_served(as_ada: Client, path: str) -> None:
    assert as_ada.get(path).status_code == 404
