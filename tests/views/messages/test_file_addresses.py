"""What the addresses of files answer: to whom, with which headers, and in parts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.models import Attachment, Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.models.rooms.members import leave, remove_member
from messaging.models.rooms.settings import archive, remove_room
from tests.factories import RoomFactory
from tests.views.messages.conftest import a_file

pytestmark = pytest.mark.django_db


Browser = Callable[..., Client]


def addresses(file: Attachment) -> list[str]:
    return [reverse("file", args=[file.pk]), reverse("file_thumbnail", args=[file.pk])]


def test_only_its_uploader_sees_a_file_that_is_not_sent(
    as_ada: Client, as_ben: Client, ada: User, room: Conversation
) -> None:
    address = reverse("file", args=[upload(a_file(), ada).pk])
    assert [client.get(address).status_code for client in (as_ada, as_ben)] == [200, 404]


@pytest.mark.parametrize(
    "how", ["leave", "taken out", "archived", "remove", "remove room", "sign out", "expire", "guess"]
)
def test_file_is_gone_at_once(
    as_ben: Client, room: Conversation, ada: User, ben: User, picture: Attachment, how: str
) -> None:
    as_ben.get(reverse("conversation", args=[room.pk]))
    before = [as_ben.get(address) for address in addresses(picture)]
    assert [answer.status_code for answer in before] == [200, 200]
    match how:
        case "leave":
            leave(room, ben)
        case "taken out":
            remove_member(room, ben, by=ada)
        case "archived":
            leave(room, ben)
            archive(room, by=ada)
        case "remove":
            Message.objects.get().remove()
        case "remove room":
            remove_room(room, by=ada)
        case "sign out":
            ben.sessions.all().delete()
        case "expire":
            ben.sessions.update(expire_date=timezone.now() - timedelta(seconds=1))
        case "guess":
            picture.pk += 1
    for address, answer in zip(addresses(picture), before, strict=True):
        again = as_ben.get(address, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == (302 if how in ("sign out", "expire") else 404)


def test_files_of_an_archived_room_can_be_read_by_its_members_alone(
    as_ben: Client, as_stranger: Client, room: Conversation, ada: User, picture: Attachment
) -> None:
    archive(room, by=ada)
    for address in addresses(picture):
        assert [client.get(address).status_code for client in (as_ben, as_stranger)] == [200, 404]


def test_who_could_join_a_room_sees_files_of_its_timeline_only(
    browser: Browser, ada: User, stranger: User
) -> None:
    room = RoomFactory.create(by=ada)
    root, reply = upload(a_file(), ada), upload(a_file(), ada)
    message = post(room, ada, "", files=[root.pk])
    post(room, ada, "", parent=message, files=[reply.pk])
    client = browser(stranger)
    answers = [client.get(reverse("file", args=[file.pk])).status_code for file in (root, reply)]
    assert answers == [200, 404]


def test_headers_of_a_file_that_is_saved(as_ben: Client, sent: Attachment) -> None:
    answer = as_ben.get(reverse("file", args=[sent.pk]))
    assert answer["Content-Type"] == "text/plain"
    assert answer["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer.content == b"the words"


def test_picture_is_shown(as_ben: Client, picture: Attachment) -> None:
    full, small = (as_ben.get(address) for address in addresses(picture))
    assert (full["Content-Type"], small["Content-Type"]) == ("image/png", "image/webp")
    assert full["Content-Disposition"].startswith("inline")


def test_not_modified_is_asked_each_time(as_ben: Client, sent: Attachment) -> None:
    address = reverse("file", args=[sent.pk])
    first = as_ben.get(address)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        again = as_ben.get(address, headers=headers)
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "body"),
    [
        ("bytes=0-2", 206, "bytes 0-2/9", b"the"),
        ("bytes=4-", 206, "bytes 4-8/9", b"words"),
        ("bytes=-5", 206, "bytes 4-8/9", b"words"),
        ("bytes=-100", 206, "bytes 0-8/9", b"the words"),
        ("bytes=4-100", 206, "bytes 4-8/9", b"words"),
        ("bytes=9-", 416, "bytes */9", b""),
        ("bytes=5-4", 200, None, b"the words"),
        ("bytes=-", 200, None, b"the words"),
        ("bytes=0-1,3-4", 200, None, b"the words"),
        ("lines=1-2", 200, None, b"the words"),
        ("bytes=" + "9" * 30 + "-", 200, None, b"the words"),
    ],
)
def test_ranges(
    as_ben: Client, sent: Attachment, asked: str, status: int, content_range: str | None, body: bytes
) -> None:
    answer = as_ben.get(reverse("file", args=[sent.pk]), headers={"Range": asked})
    assert (answer.status_code, answer.get("Content-Range"), answer.content) == (status, content_range, body)


def test_range_of_another_file_is_the_whole(as_ben: Client, sent: Attachment) -> None:
    address = reverse("file", args=[sent.pk])
    headers = {"Range": "bytes=0-2", "If-Range": '"other"'}
    assert as_ben.get(address, headers=headers).status_code == 200
    headers["If-Range"] = as_ben.get(address)["ETag"]
    assert as_ben.get(address, headers=headers).status_code == 206


def test_a_part_is_at_most_a_megabyte(as_ben: Client, room: Conversation, ada: User) -> None:
    file = upload(a_file("long.bin", bytes(3 * 1024 * 1024)), ada)
    post(room, ada, "", files=[file.pk])
    answer = as_ben.get(reverse("file", args=[file.pk]), headers={"Range": "bytes=0-"})
    assert (answer.status_code, answer["Content-Range"]) == (206, "bytes 0-1048575/3145728")
    whole = as_ben.get(reverse("file", args=[file.pk]))
    assert (whole.streaming, whole["Content-Length"]) == (True, "3145728")
    assert {len(block) for block in whole.streaming_content} == {65536}  # type: ignore[attr-defined]


def test_nginx_sends_the_bytes(as_ben: Client, picture: Attachment, settings: Settings) -> None:
    settings.X_ACCEL_ADDRESS = "/stored/"
    for address, name in zip(addresses(picture), picture.stored_names, strict=True):
        answer = as_ben.get(address)
        assert (answer["X-Accel-Redirect"], answer.content) == (f"/stored/{name}", b"")
        assert answer["Content-Security-Policy"].startswith("sandbox")


def test_missing_bytes_are_a_404(as_ben: Client, sent: Attachment) -> None:
    default_storage.delete(sent.stored_as)
    assert as_ben.get(reverse("file", args=[sent.pk])).status_code == 404
