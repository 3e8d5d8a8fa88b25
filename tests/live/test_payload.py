"""`changes_since` reads a consistent snapshot and returns its versions, even if others write meanwhile."""

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


def test_a_message_sent_and_edited_after_the_versions_were_read_is_still_added(
    room: Conversation, ada: User
) -> None:
    versions = read_versions([room.pk], [])
    before = versions.conversations[room.pk]
    message = post(room, ada, "sent")
    message.edit("sent and edited")
    changes = changes_since(room.pk, before.version, before, versions.site)
    assert changes.versions.version == message.version == before.version + 2
    assert changes.payload
    assert b"<hx-upsert" in changes.payload
    assert b"sent and edited" in changes.payload
    after = changes_since(room.pk, changes.versions.version, changes.versions, changes.site)
    assert (after.payload, after.versions) == (b"", changes.versions)


def test_the_returned_versions_show_changes_of_members_and_people(room: Conversation, ada: User) -> None:
    versions = read_versions([room.pk], [])
    before = versions.conversations[room.pk]
    ben = UserFactory.create()
    add(room, ben)
    leave(room, ben)
    post(room, ada, "not for ben")
    ada.is_active = False
    ada.save()
    changes = changes_since(room.pk, before.version, before, versions.site)
    assert changes.versions.members_version == before.version + 2
    assert changes.site == site_versions() != versions.site


def test_the_number_of_queries_does_not_grow_with_the_changes(room: Conversation, ada: User) -> None:
    place, now = read_versions([room.pk], []).conversations[room.pk], site_versions()
    counts = []
    for _ in range(2):
        for _ in range(10):
            post(room, ada, "root")
        with statements() as asked:
            changes_since(room.pk, place.version, place, now)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 3


def test_changes_contain_senders_but_not_editors(room: Conversation, ada: User) -> None:
    old = post(room, ada, "old")
    place, now = read_versions([room.pk], []).conversations[room.pk], site_versions()
    old.edit("edited")
    assert changes_since(room.pk, place.version, place, now).senders == frozenset()
    post(room, ada, "reply", parent=old)
    assert changes_since(room.pk, place.version, place, now).senders == {(old.pk, ada.pk)}
