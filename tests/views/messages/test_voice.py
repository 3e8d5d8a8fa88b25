"""Voice messages on pages: uploaded by the recorder, and shown with a player, also without script."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from messaging.models import Attachment, Conversation, User
from messaging.models.messages.saving import post
from tests.models.messages.test_recordings import VOICE
from tests.views.messages.conftest import a_file
from tests.views.messages.test_text_files import room_page
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db


def recorded(client: Client, **values: str) -> Page:
    form = {"files": a_file("Voice message.webm", VOICE), **values}
    return Page(client.post(reverse("file_upload"), form, headers=FRAGMENT))


def test_recording_can_be_heard_before_and_after_it_is_sent(
    as_ada: Client, as_ben: Client, ada: User, room: Conversation
) -> None:
    answer = recorded(as_ada, waveform="07f", seconds="12")
    file = Attachment.objects.get()
    address = reverse("file", args=[file.pk])
    assert f'data-src="{address}"' in answer.html
    assert as_ada.get(address)["Content-Type"] == "audio/webm"
    assert as_ben.get(address).status_code == 404
    post(room, ada, "", files=[file.pk])
    html = room_page(as_ben, room).html
    assert 'aria-label="Voice message, 0:12"' in html
    assert html.count(f'd="{file.bars}"') == 2
    assert f'<audio src="{address}" controls' in html
    assert as_ben.get(address)["Content-Disposition"] == 'inline; filename="Voice message.webm"'


@pytest.mark.parametrize("values", [{}, {"waveform": "<b>", "seconds": "12"}, {"waveform": "07f"}])
def test_other_sounds_have_the_browsers_player(
    as_ada: Client, ada: User, room: Conversation, values: dict[str, str]
) -> None:
    recorded(as_ada, **values)
    post(room, ada, "", files=[Attachment.objects.get().pk])
    html = room_page(as_ada, room).html
    assert "<audio" in html
    assert "voice-player" not in html


def test_columns_refuse_what_is_no_waveform() -> None:
    field = Attachment._meta.get_field("waveform")
    for value in ("x", "0f\n", "0" * 65):
        with pytest.raises(ValidationError):
            field.clean(value, None)
    assert field.clean("0f", None) == "0f"


def test_our_pages_alone_may_use_the_microphone(as_ada: Client) -> None:
    for address in (reverse("inbox"), "/nothing-here/"):
        assert as_ada.get(address)["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(self)"
