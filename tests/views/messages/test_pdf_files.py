"""PDFs: the first page stands in its message, and the file is saved, never opened from our address."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Attachment, Conversation, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.models.rooms.members import leave
from tests.hostile_pdfs import NOT_DRAWN, many_pages
from tests.queue import run_tasks
from tests.views.messages.conftest import a_file
from tests.views.messages.test_text_files import room_page
from tests.views.page import Page

pytestmark = pytest.mark.django_db


def sent(ada: User, room: Conversation, data: bytes) -> Attachment:
    file = upload(a_file("plan.pdf", data), ada)
    post(room, ada, "", files=[file.pk])
    return file


def test_page_has_its_place_before_it_is_drawn(
    as_ada: Client, as_ben: Client, ada: User, ben: User, room: Conversation
) -> None:
    file = sent(ada, room, many_pages(12))
    drawn, saved = reverse("file_thumbnail", args=[file.pk]), reverse("file", args=[file.pk])
    html = room_page(as_ben, room).html
    assert '<svg class="picture-place" width="191" height="270"' in html
    assert "12 pages" in html
    assert (as_ben.get(drawn).status_code, as_ben.get(saved).status_code) == (404, 200)
    run_tasks()
    assert f'src="{drawn}" width="191" height="270" alt=""' in room_page(as_ben, room).html
    listed = Page(as_ben.get(reverse("conversation_files", args=[room.pk]))).html
    assert drawn in listed
    assert 'class="picture"' not in listed  # which would be opened above the page
    assert as_ben.get(saved)["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert as_ben.get(drawn)["Content-Type"] == "image/webp"
    leave(room, ben)
    assert (as_ben.get(drawn).status_code, as_ben.get(saved).status_code) == (404, 404)
    assert as_ada.get(drawn).status_code == 200


def test_pdf_that_cannot_be_drawn_is_a_line_with_its_name(
    as_ada: Client, ada: User, room: Conversation
) -> None:
    sent(ada, room, NOT_DRAWN["nested forms"])
    run_tasks()
    html = room_page(as_ada, room).html
    assert 'class="file" href="/files/' in html
    assert "first-page" not in html
    assert "picture-place" not in html
