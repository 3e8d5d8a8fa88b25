"""A person who blocks somebody gets no notifications from them. For everybody else nothing changes."""

import pytest

from messaging.models import Block, Conversation, Message, Notification, User
from messaging.models.db.refusals import Refused
from messaging.models.inbox.blocking import block, unblock
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post

pytestmark = pytest.mark.django_db


def unread(user: User) -> int:
    return sidebar_of(user).unread


def test_blocked_persons_messages_do_not_notify(ada: User, ben: User, cleo: User, room: Conversation) -> None:
    direct = Conversation.objects.direct(ada, ben)
    root = post(room, ada, "A question")
    post(direct, ben, "Before")
    before = unread(ada)
    block(ada, ben)
    assert unread(ada) == before - 1
    for text in ("After", "For @ada"):
        post(direct, ben, text)
        post(room, ben, text)
    post(room, ben, "A reply", parent=root)
    late = post(room, ben, "Nobody yet")
    late.edit("Now @ada")
    assert unread(ada) == before - 1
    assert not Notification.objects.filter(user=ada, message__sender=ben, read_at=None).exists()
    # Others are still notified of his messages, and she of theirs.
    assert Notification.objects.filter(user=cleo, message__sender=ben).count() == 3
    post(room, cleo, "For @ada")
    assert unread(ada) == before
    # Messages that were unread count as read now, also for their sender.
    assert Message.objects.get(content="Before").read


def test_after_unblocking_new_messages_notify_again(ada: User, ben: User) -> None:
    direct = Conversation.objects.direct(ada, ben)
    block(ada, ben)
    post(direct, ben, "Unheard")
    unblock(ada, ben)
    post(direct, ben, "Heard")
    assert unread(ada) == 1


def test_blocking_twice_is_blocking_once_and_nobody_blocks_themselves(ada: User, ben: User) -> None:
    for _ in range(2):
        block(ada, ben)
    assert Block.objects.count() == 1
    ada.refresh_from_db()
    assert ada.blocks_version == 1
    for _ in range(2):
        unblock(ada, ben)
    ada.refresh_from_db()
    assert (Block.objects.count(), ada.blocks_version) == (0, 2)
    with pytest.raises(Refused):
        block(ada, ada)


def test_a_block_is_deleted_with_either_person(ada: User, ben: User, cleo: User) -> None:
    block(ada, ben)
    block(ben, cleo)
    ben.delete()
    assert not Block.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_block_needs_no_transaction_around_it(ada: User, ben: User) -> None:
    message = post(Conversation.objects.direct(ada, ben), ben, "Unread")
    block(ada, ben)
    assert unread(ada) == 0
    message.refresh_from_db()
    assert message.read


@pytest.mark.django_db(transaction=True)
def test_block_is_one_transaction(ada: User, ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*args: object) -> None:
        raise ConnectionError

    post(Conversation.objects.direct(ada, ben), ben, "Unread")
    monkeypatch.setattr("messaging.models.inbox.blocking.delete_and_update_read", cut_off)
    with pytest.raises(ConnectionError):
        block(ada, ben)
    assert not Block.objects.exists()
    assert unread(ada) == 1
