"""What digests cost: one query where nobody wants one, and the same number however much was written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.mailing.composing import for_reader
from messaging.mailing.digest_composing import content_for
from messaging.mailing.digests import find_digests, send_digests
from messaging.models import Conversation, Digest, Installation, Message, Notification, User
from messaging.models.messages.reacting import react
from messaging.models.messages.saving import post
from tests.contract.counting import statements
from tests.factories import RoomFactory
from tests.mailing.conftest import MailServer
from tests.mailing.receiving import subscribe

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_where_nobody_wants_one_the_task_asks_once(ada: User, ben: User) -> None:
    with statements() as asked:
        find_digests.call()
    assert len(asked) == 1
    assert not QueuedTask.objects.exists()


def write(room: Conversation, ada: User, ben: User, number: int) -> None:
    for place in range(number):
        post(Conversation.objects.direct(ada, ben), ada, f"direct {place}")
        root = post(room, ada, f"root {place} for @ben")
        for _ in range(2):
            reply = post(room, ada, "a reply", parent=root)
        react(reply, ada, "👍")
        post(room, ada, "an answer", parent=post(room, ben, "a question"))


def test_composing_asks_as_often_for_many_messages(ada: User, ben: User, room: Conversation) -> None:
    RoomFactory.create(name="lighthouse", by=ada)
    costs = []
    for number in (1, 12):
        write(room, ada, ben, number)
        with statements() as asked, for_reader(ben):
            assert content_for(User.objects.get(pk=ben.pk), Installation.objects.current())
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert costs[0] < 20


def test_a_run_stops_after_some_seconds_and_goes_on_later(
    mail_server: MailServer, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other background work gets its turn."""
    monkeypatch.setattr("messaging.mailing.sending.SECONDS_AT_ONCE", -1.0)
    subscribe(ben)
    Digest.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    send_digests.call()
    again = QueuedTask.objects.filter(task=send_digests.module_path, finished_at=None)
    assert again.count() == 1
    assert Message.objects.count() == Notification.objects.count() == len(mail_server.received) == 0
