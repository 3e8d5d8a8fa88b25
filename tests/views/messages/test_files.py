"""Files of messages: sent with a form, shown to those who can read the message, and to nobody else."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from messaging.models import Attachment, Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.models.rooms.members import leave
from tests.factories import RoomFactory, uploaded_picture
from tests.queue import run_tasks
from tests.views.messages.conftest import a_file
from tests.views.messages.test_file_addresses import addresses
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def body_of(answer: Answer) -> bytes:
    return bytes(answer.content)


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
        "MAX_BYTES_OF_SITE": "no space left for files",
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


def test_picture_that_cannot_be_read_says_so(as_ben: Client, room: Conversation, ada: User) -> None:
    post(room, ada, "", files=[upload(a_file("sea.png", uploaded_picture(200)[:-200]), ada).pk])
    run_tasks()
    html = Page(as_ben.get(reverse("conversation", args=[room.pk]))).html
    assert re.search(r">sea\.png</b>\s*<span>This picture could not be read\.", html)


def test_video_is_played_in_place_and_comes_in_parts(as_ben: Client, room: Conversation, ada: User) -> None:
    file = upload(a_file("tide.mp4", b"\0\0\0\x18ftypmp42"), ada)
    post(room, ada, "", files=[file.pk])
    address = reverse("file", args=[file.pk])
    html = Page(as_ben.get(reverse("conversation", args=[room.pk]))).html
    assert f'<video src="{address}" controls' in html
    answer = as_ben.get(address, headers={"Range": "bytes=4-7"})
    assert (answer.status_code, answer["Content-Type"], answer.content) == (206, "video/mp4", b"ftyp")
    assert answer["Content-Disposition"] == 'inline; filename="tide.mp4"'


def test_script_uploads_one_file(as_ada: Client, ada: User) -> None:
    answer = as_ada.post(reverse("file_upload"), {"files": a_file("a<b>.txt")}, headers=FRAGMENT)
    file = Attachment.objects.get()
    assert (answer.status_code, file.uploader, file.message) == (200, ada, None)
    assert f'value="{file.pk}" checked' in Page(answer).html
    assert "a&lt;b&gt;.txt" in answer.content.decode()
    refused = as_ada.post(reverse("file_upload"), {"files": a_file("empty.txt", b"")})
    assert refused.status_code == 422
    assert 'data-words="This file is empty.">empty.txt: This file is empty.<' in refused.content.decode()


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
