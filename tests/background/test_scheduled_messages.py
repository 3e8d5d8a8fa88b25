"""Scheduled messages are sent once each, though processes are killed while they send."""

import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from messaging.models import Conversation, Message, ScheduledMessage, User
from messaging.models.db.refusals import Gone
from messaging.models.messages.scheduling import schedule
from tests.background.conftest import StartWorker, Worker, expire_leases, wait_until
from tests.factories import RoomFactory, UserFactory
from tests.live.other_process import PREAMBLE, ROOT, environment
from tests.queue import make_due, run_tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
MANY = 60
# The process is killed where its message is written and the row not yet deleted.
KILLED = f"""{PREAMBLE}
import os, signal
from messaging.models.messages import scheduling
posted = scheduling.post
def post_and_die(*arguments):
    posted(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
scheduling.post = post_and_die
scheduling.send_scheduled(int(ScheduledMessage.objects.get().pk), is_now=True)
"""


@pytest.fixture
def ben() -> User:
    return UserFactory.create(username="ben")


@pytest.fixture
def room(ben: User) -> Conversation:
    room: Conversation = RoomFactory.create(name="garden", by=ben)
    return room


def test_in_a_conversation_that_was_just_deleted_nothing_is_scheduled(ben: User, room: Conversation) -> None:
    Conversation.objects.filter(pk=room.pk).delete()
    with pytest.raises(Gone):
        schedule(ben, room, "Later", timezone.now() + timedelta(hours=1), uuid4())
    assert not ScheduledMessage.objects.exists()


def schedule_some(user: User, room: Conversation, number: int) -> list[str]:
    texts = [f"word {place}" for place in range(number)]
    for text in texts:
        schedule(user, room, text, timezone.now() + timedelta(hours=1), uuid4())
    ScheduledMessage.objects.update(due_at=timezone.now())
    return texts


def sent() -> list[str]:
    return list(Message.rows.values_list("content", flat=True))


def test_each_is_sent_once_by_several_processes_that_are_all_killed(
    room: Conversation, ben: User, start_worker: StartWorker
) -> None:
    texts = schedule_some(ben, room, MANY)
    make_due()
    for part in (1, MANY // 3):
        workers: list[Worker] = [start_worker() for _ in range(2)]
        wait_until(lambda part=part: len(sent()) >= part, "some messages")  # type: ignore[misc]
        for worker in workers:
            worker.kill()
        expire_leases()
    assert len(sent()) < MANY
    start_worker()
    wait_until(lambda: not ScheduledMessage.objects.exists(), "all messages")
    assert sorted(sent()) == sorted(texts)


def test_a_message_whose_process_was_killed_in_between_is_not_sent_yet(room: Conversation, ben: User) -> None:
    texts = schedule_some(ben, room, 1)
    with environment() as variables:
        done = subprocess.run([sys.executable, "-c", KILLED], env=variables, cwd=ROOT, check=False)
    assert done.returncode == -9
    assert sent() == []
    assert ScheduledMessage.objects.count() == 1
    run_tasks()
    assert sent() == texts
