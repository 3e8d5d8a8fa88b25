"""Text files: shown in place, whole on a page, and never as anything but text."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from messaging.models import Attachment, Conversation, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.text.file_text import MAX_BYTES
from tests.views.messages.conftest import a_file
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def sent(ada: User, room: Conversation, name: str, data: bytes) -> Attachment:
    file = upload(a_file(name, data), ada)
    post(room, ada, "", files=[file.pk])
    file.refresh_from_db()
    return file


def room_page(client: Client, room: Conversation) -> Page:
    return Page(client.get(reverse("conversation", args=[room.pk])))


def test_code_is_shown_in_place_with_colours(as_ben: Client, ada: User, room: Conversation) -> None:
    file = sent(ada, room, "tides.py", b"def tide():\n    return 1\n")
    page = room_page(as_ben, room)
    assert '<span class="nf">tide</span>' in page.html
    assert file.text_lines == file.lines_shown == 2
    assert reverse("file_text", args=[file.pk]) not in page.links  # all of it is shown


def test_long_file_is_folded_and_has_a_page(as_ben: Client, ada: User, room: Conversation) -> None:
    file = sent(ada, room, "notes.txt", b"".join(b"line %d\n" % number for number in range(1, 301)))
    page = room_page(as_ben, room)
    assert "line 40\n" in page.html
    assert "line 41\n" not in page.html
    assert "Show all 300 lines" in page.html
    answer = as_ben.get(reverse("file_text", args=[file.pk]))
    assert "line 300\n" in Page(answer).html


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "x.js", "plain"])
def test_hostile_text_stays_text(as_ben: Client, ada: User, room: Conversation, name: str) -> None:
    bad = b"<script>alert(1)</script><img src=x onerror=alert(1)>\n"
    file = sent(ada, room, name, bad * 50)
    for html in (room_page(as_ben, room).html, Page(as_ben.get(f"/files/{file.pk}/text/")).html):
        assert "alert" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html


@pytest.mark.parametrize("data", [b"\x00\x01", b"x\n" * MAX_BYTES, b"a" * 3000, b" \n\n"])
def test_other_files_are_only_saved(as_ben: Client, ada: User, room: Conversation, data: bytes) -> None:
    file = sent(ada, room, "data.txt", data)
    assert "text-file" not in room_page(as_ben, room).html
    assert as_ben.get(reverse("file_text", args=[file.pk])).status_code == 404


def test_file_that_is_not_sent_or_not_there_has_no_page(
    as_ada: Client, ada: User, room: Conversation
) -> None:
    unsent = upload(a_file(), ada)
    assert as_ada.get(reverse("file_text", args=[unsent.pk])).status_code == 404
    gone = sent(ada, room, "gone.txt", b"words")
    default_storage.delete(gone.stored_as)
    assert as_ada.get(reverse("file_text", args=[gone.pk])).status_code == 404
