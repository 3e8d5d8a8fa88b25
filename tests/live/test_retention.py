"""After a rule has deleted old messages, their words are nowhere, and open pages load what is left."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from messaging.background.models import QueuedTask
from messaging.models import Attachment, Conversation, Message, Notification, SavedMessage, Tick, User
from messaging.models.inbox.reminders import remind
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from messaging.models.messages.voting import vote
from messaging.models.site.retention import Rule
from tests.chosen_language import LANGUAGE
from tests.drafts import draft
from tests.factories import link_preview, uploaded_picture
from tests.live.conftest import Listen
from tests.live.stored_files import in_files
from tests.live.text_columns import columns_with
from tests.models.retention.conftest import aged, rule_of_site
from tests.models.traces import in_caches, traces
from tests.queue import run_daily_tasks

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.backends,
    pytest.mark.usefixtures("no_stored_files"),
]
WORD = "xylophone"


@pytest.fixture
def planted(room: Conversation, ada: User, ben: User) -> list[Message]:
    """Old messages with the word in every kind of text that hangs on a message."""
    file = upload(SimpleUploadedFile(f"{WORD}.txt", f"{WORD} plan".encode()), ada)
    file.describe(f"{WORD} in the mist")
    picture = upload(SimpleUploadedFile(f"{WORD}.png", uploaded_picture()), ada)
    with_files = post(room, ada, f"{WORD} files", files=[file.pk, picture.pk])
    edited = post(room, ada, f"{WORD} first for @ben")
    edited.edit(f"{WORD} second for @ben")
    react(edited, ben, "🎉")
    remind(ben, edited, timezone.now() + timedelta(days=1))
    poll = post(room, ada, f"{WORD}?", poll=NewPoll((f"{WORD} soup", "Herring"), is_anonymous=False))
    vote(poll, ben, poll.poll_choices.earliest("pk").pk)
    tasks = post(room, ada, f"- [ ] {WORD} task")
    Tick.objects.create(message=tasks, item=0, is_done=True, user=ada)
    linked = post(room, ada, f"https://{WORD}.example/")
    texts = {"description": f"{WORD} about", "site_name": f"{WORD} site"}
    preview = link_preview(linked, f"https://{WORD}.example/", f"{WORD} page", **texts)
    Path(default_storage.path(preview.picture)).write_bytes(f"{WORD} in pixels".encode())
    return [aged(one, 100) for one in (with_files, edited, poll, tasks, linked)]


def test_no_planted_word_is_left_anywhere(
    planted: list[Message], room: Conversation, ben: User, listen: Listen
) -> None:
    bens, page = Client(), reverse("conversation", args=[room.pk])
    bens.force_login(ben)
    stays = post(room, ben, "What stays")
    answer = post(room, ben, "A young answer", parent=planted[1])
    typed = draft(ben, room, "Typed and not sent")
    assert WORD in bens.get(page).content.decode()
    assert columns_with(WORD) >= {
        "Message.content",
        "SearchText.text",
        "PollChoice.text",
        "LinkPreview.title",
    }
    assert columns_with(WORD) >= {"MessageHistory.old_content", "Attachment.name", "Attachment.text_html"}
    assert traces(WORD)
    assert in_caches(WORD)
    assert len(in_files(WORD)) == 2
    assert Notification.objects.filter(user=ben, read_at=None).count() == len(planted)
    names = [name for file in Attachment.objects.all() for name in file.stored_names]
    assert len(names) > 1
    assert all(map(default_storage.exists, names))
    stream = listen(ben, room)
    QueuedTask.objects.filter(task__endswith="remind_when_due").delete()  # of tomorrow

    rule_of_site(Rule(30, keeps_saved=False))
    run_daily_tasks()

    stream.until(lambda: any(event.name == "reset" for event in stream.events))
    assert columns_with(WORD) == set()
    assert traces(WORD) == 0
    assert in_caches(WORD) == in_files(WORD) == []
    assert not any(map(default_storage.exists, names))
    assert not Notification.objects.filter(user=ben, read_at=None).exists()
    assert not SavedMessage.objects.exists()
    assert set(Message.rows.values_list("pk", flat=True)) == {planted[1].pk, stays.pk, answer.pk}
    typed.refresh_from_db()
    for address in (page, reverse("conversation_fresh", args=[room.pk])):
        html = bens.get(address).content.decode()
        assert WORD not in html
        assert "What stays" in html
        with override(LANGUAGE or "en"):
            assert gettext("Deleted because of its age") in html
