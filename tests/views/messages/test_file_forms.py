"""Forms with too many files, with the same file twice, and with a text that would otherwise be a reaction."""

from django.test import Client
from django.urls import reverse

from messaging.models import Attachment, Conversation, Message, Reaction, User
from messaging.models.messages.attachment import MAX_FILES
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.views.messages.test_files import a_file
from tests.views.messages.test_files import pytestmark as pytestmark
from tests.views.page import Page


def test_more_files_than_a_message_can_have_are_told_and_none_is_dropped_in_silence(
    as_ada: Client, room: Conversation
) -> None:
    files = [a_file(f"{number}.txt") for number in range(MAX_FILES + 5)]
    place = reverse("message_send", args=[room.pk])
    page = Page(as_ada.post(place, {"content": "Here they are", "files": files}))
    assert "at most. The others were not stored" in page.html
    assert "Here they are" in page.html
    assert not Message.objects.exists()
    assert Attachment.objects.unsent().count() == MAX_FILES


def test_a_file_that_is_named_twice_is_sent_once(as_ada: Client, room: Conversation, ada: User) -> None:
    file = upload(a_file(), ada)
    place = reverse("message_send", args=[room.pk])
    as_ada.post(place, {"content": "", "uploaded": [file.pk, file.pk]})
    assert list(Message.objects.get().files.all()) == [file]


def test_what_would_be_a_reaction_is_the_text_beside_a_file(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    post(room, ada, "Words")
    place = reverse("message_send", args=[room.pk])
    as_ada.post(place, {"content": "+:tada:", "files": [a_file()]})
    assert not Reaction.objects.exists()
    assert Message.objects.get(content="+:tada:").file_count == 1
