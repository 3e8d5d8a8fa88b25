"""What changed is of one moment, whose numbers come with it, however much is written meanwhile."""

import pytest

from messaging.live.payload import changes_since
from messaging.live.versions import read_versions, site_versions
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.contract.counting import statements
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def ada() -> User:
    return UserFactory.create(username="ada")


@pytest.fixture
def room(ada: User) -> Conversation:
    return RoomFactory.create(by=ada)


def test_what_is_born_and_edited_after_the_numbers_were_read_is_born_all_the_same(
    room: Conversation, ada: User
) -> None:
    numbers = read_versions([room.pk], [])
    before = numbers.conversations[room.pk]
    message = post(room, ada, "born")
    message.edit("born and edited")
    changes = changes_since(room.pk, before.version, before, numbers.site)
    assert changes.versions.version == message.version == before.version + 2
    assert changes.payload
    assert b"<hx-upsert" in changes.payload
    assert b"born and edited" in changes.payload
    after = changes_since(room.pk, changes.versions.version, changes.versions, changes.site)
    assert (after.payload, after.versions) == (b"", changes.versions)


def test_the_numbers_of_the_moment_tell_who_may_have_it(room: Conversation, ada: User) -> None:
    numbers = read_versions([room.pk], [])
    before = numbers.conversations[room.pk]
    ben = UserFactory.create()
    add(room, ben)
    leave(room, ben)
    post(room, ada, "not for ben")
    ada.is_active = False
    ada.save()
    changes = changes_since(room.pk, before.version, before, numbers.site)
    assert changes.versions.members_version == before.version + 2
    assert changes.site == site_versions() != numbers.site


def test_it_takes_as_many_queries_for_few_as_for_many(room: Conversation, ada: User) -> None:
    place, now = read_versions([room.pk], []).conversations[room.pk], site_versions()
    counts = []
    for _ in range(2):
        for _ in range(10):
            post(room, ada, "root")
        with statements() as asked:
            changes_since(room.pk, place.version, place, now)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 3


def test_changes_name_senders_but_not_editors(room: Conversation, ada: User) -> None:
    old = post(room, ada, "old")
    place, now = read_versions([room.pk], []).conversations[room.pk], site_versions()
    old.edit("edited")
    assert changes_since(room.pk, place.version, place, now).senders == frozenset()
    post(room, ada, "reply", parent=old)
    assert changes_since(room.pk, place.version, place, now).senders == {(old.pk, ada.pk)}
