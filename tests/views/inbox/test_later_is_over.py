"""Nothing comes back from where nothing may wait any more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from messaging.models import Conversation, Message, User
from messaging.models.inbox.blocking import block
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from tests.views.inbox.reading import waiting
from tests.views.inbox.test_later import come_back_all, later, put_off

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def _leave(room: Conversation, ada: User, ben: User) -> None:
    leave(room, ben)


def _archive(room: Conversation, ada: User, ben: User) -> None:
    archive(room, ada)


def _block(room: Conversation, ada: User, ben: User) -> None:
    block(ben, ada)


def _remove(room: Conversation, ada: User, ben: User) -> None:
    Message.objects.get().remove()


def _delete_room(room: Conversation, ada: User, ben: User) -> None:
    ada.delete()


@pytest.mark.parametrize("end", [_leave, _archive, _block, _remove, _delete_room])
def test_nothing_comes_back_from_where_nothing_may_wait(
    as_ben: Client,
    room: Conversation,
    message: Message,
    ada: User,
    ben: User,
    end: Callable[[Conversation, User, User], None],
) -> None:
    put_off(as_ben, room)
    end(room, ada, ben)
    assert "Land ho" not in later(as_ben).html or end is _block
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        come_back_all()
    assert waiting(ben) == []
    assert sidebar_of(ben).personal == 0
