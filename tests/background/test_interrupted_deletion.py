"""An interrupted deletion of an account is completed by the next process that runs background work."""

import pytest

from messaging.models import AccountDeletion, Conversation, Message, User
from messaging.models.accounts.personal_data import what_is_deleted
from tests.background.conftest import StartWorker, expire_leases, wait_until
from tests.factories import RoomFactory, UserFactory
from tests.queue import make_due

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
# Deleted in batches of 50, 100, 200, 400, …, each of which takes some tenths of a second.
MANY = 3000


@pytest.fixture
def zoe() -> User:
    zoe = UserFactory.create(username="zoe")
    room: Conversation = RoomFactory.create(name="garden", by=zoe)
    first = room.version + 1
    rows = [
        Message(
            conversation=room, sender=zoe, content="word", content_html="<p>word</p>", seq=seq, version=seq
        )
        for seq in range(first, first + MANY)
    ]
    Message.rows.bulk_create(rows, batch_size=500)
    Conversation.objects.filter(pk=room.pk).update(version=first + MANY)
    return zoe


def test_deletion_that_a_killed_process_left_is_completed_with_a_right_receipt(
    zoe: User, start_worker: StartWorker
) -> None:
    due = {what: number for what, number in what_is_deleted([zoe.pk]).items() if number}
    deletion = AccountDeletion.objects.start(zoe)
    make_due()

    def gone() -> int:
        deletion.refresh_from_db()
        return int(deletion.deleted.get("messages", 0))

    worker = start_worker()
    wait_until(gone, "the first batch")
    worker.kill()
    assert 0 < gone() < MANY
    assert not deletion.is_done
    expire_leases()
    start_worker()
    wait_until(lambda: gone() and deletion.is_done, "the end of the deletion")
    assert {what: number for what, number in deletion.deleted.items() if number} == due
    assert not User.objects.filter(pk=zoe.pk).exists()
    assert not Message.rows.exists()
