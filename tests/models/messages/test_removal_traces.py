"""After a message was removed, its words and bytes are in no column and no file, and nothing hangs on it."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from messaging.models import (
    Attachment,
    Conversation,
    LinkPreview,
    Message,
    PollChoice,
    Reaction,
    SavedMessage,
    User,
)
from messaging.models.inbox.saved import save_message
from messaging.models.messages.pinning import pin
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import link_preview, uploaded_picture
from tests.live.stored_files import in_files
from tests.live.text_columns import columns_with
from tests.queue import run_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
WORD = "zanzibar"
PLANTED = {
    *("Message.content", "Message.content_html", "MessageHistory.old_content", "SearchText.text"),
    *("Attachment.name", "Attachment.alternative_text", "Attachment.text_html", "PollChoice.text"),
    *("LinkPreview.url", "LinkPreview.title", "LinkPreview.description", "LinkPreview.site_name"),
}


def planted(room: Conversation, ada: User, ben: User) -> Message:
    """A message of Ada's with the word in everything that can hang on it."""
    words = upload(SimpleUploadedFile(f"{WORD}.txt", f"{WORD} plan".encode()), ada)
    picture = upload(SimpleUploadedFile(f"{WORD}.png", uploaded_picture()), ada)
    picture.describe(f"{WORD} in the mist")
    poll = NewPoll((f"{WORD} soup", "Herring"))
    message = post(room, ada, f"{WORD} first", files=[words.pk, picture.pk], poll=poll)
    run_tasks()
    message.refresh_from_db()
    message.edit(f"{WORD} now, https://{WORD}.example/")
    texts = {"description": f"{WORD} about", "site_name": f"{WORD} site"}
    preview = link_preview(message, f"https://{WORD}.example/", f"{WORD} page", **texts)
    Path(default_storage.path(preview.picture)).write_bytes(f"{WORD} in pixels".encode())
    react(message, ben, "🎉")
    pin(message, ada)
    save_message(ben, message)
    return message


def test_nothing_is_left_of_a_removed_message(room: Conversation, ada: User, ben: User) -> None:
    message = planted(room, ada, ben)
    assert columns_with(WORD) == PLANTED
    assert len(in_files(WORD)) == 2
    stored = [name for file in Attachment.objects.all() for name in file.stored_names]
    assert all(map(default_storage.exists, stored))
    Message.objects.select_related("conversation").get(pk=message.pk).remove(by=ada)
    run_tasks()
    assert columns_with(WORD) == set()
    assert in_files(WORD) == []
    assert not any(map(default_storage.exists, stored))
    assert (Attachment.objects.count(), LinkPreview.objects.count(), PollChoice.objects.count()) == (0, 0, 0)
    assert (Reaction.objects.count(), SavedMessage.objects.count()) == (0, 0)
    assert Message.rows.get(pk=message.pk).pinned_at is None
