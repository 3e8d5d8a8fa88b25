"""The receipt of a deletion counts all that hung on the person's messages, and what they left on
other people's messages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from messaging.models import AccountDeletion, Conversation, User
from messaging.models.accounts.personal_data import what_is_deleted, without_zeros
from messaging.models.inbox.saved import save_message
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import schedule
from messaging.models.messages.ticking import tick
from messaging.models.messages.uploading import upload
from messaging.models.messages.voting import vote
from messaging.text.tasks import tasks_in
from tests.drafts import draft
from tests.factories import link_preview
from tests.queue import run_tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
COUNTED = {
    *("files", "polls", "choices of polls", "votes", "reactions", "ticks", "drafts", "scheduled messages"),
    *("saved messages", "links that were looked up"),
}


def test_the_receipt_counts_each_noun_as_it_was_announced(room: Conversation, zoe: User, ben: User) -> None:
    theirs = post(room, ben, "Lunch?", poll=NewPoll(("Soup", "Herring")))
    vote(theirs, zoe, theirs.poll_choices.earliest("pk").pk)
    react(theirs, zoe, "🎉")
    save_message(zoe, theirs)
    tasks = post(room, zoe, "- [ ] milk")
    tick(tasks, zoe, tasks_in(tasks.content_html)[0].key)
    file = upload(SimpleUploadedFile("plan.txt", b"the plan"), zoe)
    mine = post(room, zoe, "Supper?", files=[file.pk], poll=NewPoll(("Rice", "Peas")))
    link_preview(mine)
    upload(SimpleUploadedFile("unsent.txt", b"unsent"), zoe)
    draft(zoe, room, "typed")
    schedule(zoe, room, "later", timezone.now() + timedelta(days=1), uuid4())
    due = without_zeros(what_is_deleted([zoe.pk]))
    assert set(due) >= COUNTED
    assert (due["files"], due["choices of polls"]) == (2, 2)
    deletion = AccountDeletion.objects.start(zoe)
    run_tasks()
    deletion.refresh_from_db()
    assert deletion.is_done
    assert deletion.deleted_so_far == due
