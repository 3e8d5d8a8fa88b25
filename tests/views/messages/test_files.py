"""Files of messages: sent with a form, shown to those who can read the message, and to nobody else."""

import re
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from messaging.models import Attachment, Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive, remove_room
from tests.factories import RoomFactory, uploaded_picture
from tests.queue import run_tasks
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def a_file(name: str = "notes.txt", data: bytes = b"the words") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def body_of(answer: Answer) -> bytes:
    return bytes(answer.content)


@pytest.fixture
def sent(room: Conversation, ada: User) -> Attachment:
    """A file in Ada's message."""
    file = upload(a_file(), ada)
    post(room, ada, "Here", files=[file.pk])
    file.refresh_from_db()
    return file


@pytest.fixture
def picture(room: Conversation, ada: User) -> Attachment:
    """A picture in Ada's message, which is prepared."""
    file = upload(a_file("sea.png", uploaded_picture()), ada)
    post(room, ada, "", files=[file.pk])
    run_tasks()
    file.refresh_from_db()
    return file


def addresses(file: Attachment) -> list[str]:
    return [reverse("file", args=[file.pk]), reverse("file_thumbnail", args=[file.pk])]


def test_several_files_are_sent_in_order(as_ada: Client, room: Conversation) -> None:
    files = [a_file("two.txt"), a_file("one.txt")]
    answer = as_ada.post(reverse("message_send", args=[room.pk]), {"content": "", "files": files})
    assert answer.status_code == 302
    message = Message.objects.get()
    assert list(message.files.order_by("order").values_list("name", flat=True)) == ["two.txt", "one.txt"]
    page = Page(as_ada.get(reverse("conversation", args=[room.pk])))
    assert page.html.index("two.txt") < page.html.index("one.txt")


def test_reply_with_a_file(as_ada: Client, message: Message) -> None:
    answer = as_ada.post(reverse("message_reply", args=[message.pk]), {"content": "", "files": [a_file()]})
    assert answer.status_code == 302
    [reply] = Message.objects.filter(parent_message=message)
    assert reply.file_count == 1
    assert "notes.txt" in Page(as_ada.get(reverse("thread", args=[message.pk]))).html


def test_refused_file_leaves_the_others_and_the_text(
    as_ada: Client, room: Conversation, settings: Settings
) -> None:
    settings.MAX_FILE_BYTES = 100
    files = [a_file("good.txt"), a_file("large.bin", b"x" * 101), a_file("empty.txt", b"")]
    answer = as_ada.post(reverse("message_send", args=[room.pk]), {"content": "My text", "files": files})
    page = Page(answer)
    assert answer.status_code == 422
    assert Message.objects.count() == 0
    assert "large.bin: This file is too large. The limit is 100" in page.html
    assert "empty.txt: This file is empty." in page.html
    [kept] = Attachment.objects.all()
    assert (kept.name, "My text" in page.html) == ("good.txt", True)
    again = {"content": "My text", "uploaded": [kept.pk]}
    assert f'name="uploaded" value="{kept.pk}" checked' in page.html
    assert as_ada.post(reverse("message_send", args=[room.pk]), again).status_code == 302
    assert list(Message.objects.get().files.all()) == [kept]


def test_text_that_is_too_long_keeps_the_file(as_ada: Client, room: Conversation) -> None:
    form = {"content": "x" * 10_001, "files": [a_file()]}
    answer = as_ada.post(reverse("message_send", args=[room.pk]), form)
    assert answer.status_code == 422
    assert f'value="{Attachment.objects.get().pk}" checked' in Page(answer).html


@pytest.mark.parametrize("limit", ["MAX_BYTES_OF_PERSON", "MAX_BYTES_OF_SITE"])
def test_no_room_for_more(
    as_ada: Client, room: Conversation, sent: Attachment, settings: Settings, limit: str
) -> None:
    setattr(settings, limit, sent.size + 5)
    answer = as_ada.post(
        reverse("message_send", args=[room.pk]), {"content": "", "files": [a_file()]}, headers=FRAGMENT
    )
    assert answer.status_code == 422
    words = {
        "MAX_BYTES_OF_PERSON": "Your files would take more than",
        "MAX_BYTES_OF_SITE": "no room for more",
    }
    assert words[limit] in Page(answer).html
    assert Attachment.objects.count() == 1


def test_files_of_others_cannot_be_named(
    as_ada: Client, room: Conversation, ben: User, sent: Attachment
) -> None:
    for pk in (upload(a_file(), ben).pk, sent.pk, "9" * 30, "x"):
        form = {"content": "Words", "uploaded": [pk]}
        answer = as_ada.post(reverse("message_send", args=[room.pk]), form)
        assert (pk, answer.status_code) == (pk, 422 if isinstance(pk, int) else 302)


def test_description_of_a_picture_is_its_alternative_text(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    file = upload(a_file("sea.png", uploaded_picture()), ada)
    form = {"content": "", "uploaded": [file.pk], f"alternative-{file.pk}": "A \u202e grey sea"}
    as_ada.post(reverse("message_send", args=[room.pk]), form)
    run_tasks()
    [image] = [
        one
        for one in Page(as_ada.get(reverse("conversation", args=[room.pk]))).elements
        if one.tag == "img" and "/files/" in one.attributes.get("src", "")
    ]
    assert image.attributes["alt"] == "A grey sea"
    assert (image.attributes["width"], image.attributes["height"]) == ("40", "40")


def test_picture_has_its_place_before_it_is_prepared(as_ada: Client, room: Conversation, ada: User) -> None:
    file = upload(a_file("sea.png", uploaded_picture()), ada)
    message = post(room, ada, "", files=[file.pk])
    html = Page(as_ada.get(reverse("conversation", args=[room.pk]))).html
    assert re.search(r'<svg class="picture-place" width="40" height="40"', html)
    assert [as_ada.get(address).status_code for address in addresses(file)] == [404, 404]
    run_tasks()
    html = Page(as_ada.get(reverse("conversation", args=[room.pk]))).html
    assert f'src="/files/{file.pk}/thumbnail/" width="40" height="40"' in html
    message.refresh_from_db()
    assert message.version > message.seq


def test_only_its_uploader_sees_a_file_that_is_not_sent(
    as_ada: Client, as_ben: Client, ada: User, room: Conversation
) -> None:
    address = reverse("file", args=[upload(a_file(), ada).pk])
    assert [client.get(address).status_code for client in (as_ada, as_ben)] == [200, 404]


@pytest.mark.parametrize("how", ["leave", "remove", "remove room", "sign out", "guess"])
def test_file_is_gone_at_once(
    as_ben: Client, room: Conversation, ada: User, ben: User, picture: Attachment, how: str
) -> None:
    as_ben.get(reverse("conversation", args=[room.pk]))
    before = [as_ben.get(address) for address in addresses(picture)]
    assert [answer.status_code for answer in before] == [200, 200]
    match how:
        case "leave":
            leave(room, ben)
        case "remove":
            Message.objects.get().remove()
        case "remove room":
            remove_room(room, by=ada)
        case "sign out":
            ben.sessions.all().delete()
        case "guess":
            picture.pk += 1
    for address, answer in zip(addresses(picture), before, strict=True):
        again = as_ben.get(address, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == (302 if how == "sign out" else 404)


def test_files_of_an_archived_room_can_be_read(
    as_ben: Client, room: Conversation, ada: User, sent: Attachment
) -> None:
    archive(room, by=ada)
    assert as_ben.get(reverse("file", args=[sent.pk])).status_code == 200


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
    assert body_of(answer) == b"the words"


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
        assert (again.status_code, body_of(again)) == (304, b"")


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
    assert (answer.status_code, answer.get("Content-Range"), body_of(answer)) == (status, content_range, body)


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


def test_script_uploads_one_file(as_ada: Client, ada: User) -> None:
    answer = as_ada.post(reverse("file_upload"), {"files": a_file("a<b>.txt")}, headers=FRAGMENT)
    file = Attachment.objects.get()
    assert (answer.status_code, file.uploader, file.message) == (200, ada, None)
    assert f'value="{file.pk}" checked' in Page(answer).html
    assert "a&lt;b&gt;.txt" in answer.content.decode()
    assert as_ada.post(reverse("file_upload"), {"files": a_file(data=b"")}).status_code == 422


def test_administrators_see_how_much_files_take(as_ada: Client, ada: User, sent: Attachment) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.ADMINISTRATOR)
    assert "Files take 9\xa0bytes of 48.8\xa0GB" in Page(as_ada.get(reverse("site_settings"))).html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("has:file", ["1 file", "Plan"]),
        ("has:image", ["1 file"]),
        ("-has:file", ["Words"]),
        ("has:file plan", ["Plan"]),
    ],
)
def test_messages_with_files_are_found(
    as_ben: Client, room: Conversation, ada: User, picture: Attachment, query: str, found: list[str]
) -> None:
    post(room, ada, "Plan", files=[upload(a_file(), ada).pk])
    post(room, ada, "Words")
    page = Page(as_ben.get(reverse("search"), {"q": query}))
    assert sorted(text for text in ("1 file", "Plan", "Words") if f">{text}<" in page.html) == found


def test_own_files_are_listed(as_ada: Client, ada: User, ben: User, room: Conversation) -> None:
    here, there = upload(a_file("here.txt"), ada), upload(a_file("there.txt"), ada)
    message = post(room, ada, "", files=[here.pk])
    left = RoomFactory.create(by=ada, members=[ben])
    post(left, ada, "", files=[there.pk])
    leave(left, ada)
    upload(a_file("unsent.txt"), ada)
    post(room, ben, "", files=[upload(a_file("bens.txt"), ben).pk])
    page = Page(as_ada.get(reverse("account_files")))
    assert page.html.index("unsent.txt") < page.html.index("there.txt") < page.html.index("here.txt")
    assert "bens.txt" not in page.html
    assert [link for link in page.links if link.startswith("/messages/")] == [f"/messages/{message.pk}/"]
    assert "27\xa0bytes of 4.9\xa0GB" in page.html


def test_own_files_are_listed_in_pages(as_ada: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.views.messages.own_files.PAGE_SIZE", 2)
    files = [upload(a_file(f"number-{number}.txt"), ada) for number in range(3)]
    first = Page(as_ada.get(reverse("account_files"))).html
    second = Page(as_ada.get(reverse("account_files"), {"before": files[1].pk})).html
    assert [f"number-{number}" in first for number in range(3)] == [False, True, True]
    assert f"?before={files[1].pk}" in first
    assert [f"number-{number}" in second for number in range(3)] == [True, False, False]


def test_uploads_are_limited(as_ada: Client, settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "file": (2, 0.001)}
    answers = [as_ada.post(reverse("file_upload"), {"files": a_file()}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0


@pytest.mark.parametrize(("has_file", "status"), [(True, 302), (False, 422)])
def test_text_beside_files_can_be_emptied(
    as_ada: Client, room: Conversation, ada: User, has_file: bool, status: int
) -> None:
    message = post(room, ada, "Wrong", files=[upload(a_file(), ada).pk] * has_file)
    address = reverse("message_edit", args=[message.pk])
    [field] = [one for one in Page(as_ada.get(address)).elements if one.attributes.get("name") == "content"]
    assert ("required" in field.attributes) is not has_file
    assert as_ada.post(address, {"content": " ", "revision": 0}).status_code == status
    message.refresh_from_db()
    assert (message.content, message.file_count) == ("" if has_file else "Wrong", int(has_file))


def test_excerpts_of_a_message_without_words(as_ada: Client, as_ben: Client, picture: Attachment) -> None:
    message = Message.objects.get()
    assert "1 file" in Page(as_ben.get(reverse("message_reply", args=[message.pk]))).html
    as_ben.post(reverse("message_reply", args=[message.pk]), {"content": "Lovely"})
    assert "1 file" in Page(as_ada.get(reverse("inbox"))).html


def test_files_cost_one_query_however_many(as_ada: Client, room: Conversation, ada: User) -> None:
    address = reverse("conversation", args=[room.pk])

    def queries(messages: int, files: int) -> int:
        for _ in range(messages):
            post(room, ada, "Words", files=[upload(a_file(), ada).pk for _ in range(files)])
        with CaptureQueriesContext(connection) as captured:
            as_ada.get(address)
        return len(captured)

    without = queries(2, 0)
    assert queries(1, 1) == queries(5, 4) == without + 1
