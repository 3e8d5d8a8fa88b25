"""Who becomes administrator of a room when its last administrator leaves, for whatever reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.models import AccountDeletion, AuditEntry, Conversation, Membership, User
from messaging.models.accounts.moderation import ban, change_role, deactivate
from messaging.models.conversations.permissions import can_add_members, can_administer
from messaging.models.db.refusals import Refused
from messaging.models.rooms.handover import successor_of
from messaging.models.rooms.members import add, leave, remove_member
from messaging.models.rooms.members import change_role as change_room_role
from messaging.models.rooms.settings import remove_room, undo_room_removal
from tests.factories import RoomFactory, UserFactory

ADMIN, MODERATOR, MEMBER = Membership.Role.ADMIN, Membership.Role.MODERATOR, Membership.Role.MEMBER
Role = User.Role


@pytest.fixture
def attic(ada: User, ben: User, cleo: User) -> Conversation:
    """Ada is administrator. Members, oldest first: a deactivated person, a guest, Cleo, Ben."""
    guest, gone = UserFactory.create(role=Role.GUEST), UserFactory.create(is_active=False)
    room = RoomFactory.create(by=ada, members=[ben, cleo, guest, gone], is_private=True)
    for days, person in enumerate([ben, cleo, guest, gone]):
        room.memberships.filter(user=person).update(joined_at=timezone.now() - timedelta(days=days))
    return room


@pytest.fixture
def owner(attic: Conversation) -> User:
    return UserFactory.create(role=Role.OWNER)


def administrators(room: Conversation) -> list[User]:
    return [seat.user for seat in room.memberships.filter(role=ADMIN).select_related("user")]


def remove_ada(room: Conversation, ada: User, owner: User) -> None:
    add(room, owner)
    remove_member(room, ada, by=owner)


WAYS: dict[str, Callable[[Conversation, User, User], object]] = {
    "leaves": lambda room, ada, owner: leave(room, ada),
    "is taken out": remove_ada,
    "becomes a guest": lambda room, ada, owner: change_role(ada, Role.GUEST, by=owner),
    "is deactivated": lambda room, ada, owner: deactivate(ada, by=owner),
    "is banned": lambda room, ada, owner: ban(ada, by=owner),
    "starts the deletion of their account": lambda room, ada, owner: AccountDeletion.objects.start(ada),
    "is erased": lambda room, ada, owner: ada.delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_longest_member_becomes_administrator(
    attic: Conversation, ada: User, ben: User, cleo: User, owner: User, way: str
) -> None:
    square = RoomFactory.create(by=ada, members=[ben])
    change_room_role(square, ben, ADMIN, by=ada)
    WAYS[way](attic, ada, owner)
    assert [one for one in administrators(attic) if one != ada] == [cleo]
    assert attic.allows(can_administer(cleo))
    assert not attic.allows(can_add_members(ben))
    entry = AuditEntry.objects.get(act="handed_over")
    assert (entry.person, entry.conversation) == (cleo, attic)
    assert ben in administrators(square)


def test_moderator_becomes_administrator_before_older_members(
    attic: Conversation, ada: User, ben: User
) -> None:
    change_room_role(attic, ben, MODERATOR, by=ada)
    successor = successor_of(attic, ada.pk)
    assert successor
    assert successor.user == ben
    leave(attic, ada)
    assert administrators(attic) == [ben]


def test_nothing_is_handed_over_while_another_administrator_stays(
    attic: Conversation, ada: User, ben: User
) -> None:
    change_room_role(attic, ben, ADMIN, by=ada)
    assert successor_of(attic, ada.pk) is None
    leave(attic, ada)
    assert administrators(attic) == [ben]
    assert not AuditEntry.objects.filter(act="handed_over").exists()


def test_the_last_administrator_is_not_demoted_and_a_guest_not_promoted(
    attic: Conversation, ada: User, ben: User
) -> None:
    with pytest.raises(Refused, match="last_administrator"):
        change_room_role(attic, ada, MODERATOR, by=ada)
    for seat in attic.memberships.exclude(user__in=[ada, ben]).exclude(user__username="cleo"):
        change_room_role(attic, seat.user, ADMIN, by=ada)
        assert attic.memberships.get(pk=seat.pk).role == MEMBER
    change_room_role(attic, ben, ADMIN, by=ada)
    change_room_role(attic, ada, MEMBER, by=ben)
    assert administrators(attic) == [ben]


def test_if_two_administrators_are_deleted_at_once_a_third_member_becomes_administrator(
    attic: Conversation, ada: User, ben: User, cleo: User
) -> None:
    change_room_role(attic, cleo, ADMIN, by=ada)
    User.objects.filter(pk__in=[ada.pk, cleo.pk]).delete()
    assert administrators(attic) == [ben]


def test_a_restored_room_without_an_administrator_gets_one(
    attic: Conversation, ada: User, ben: User, owner: User
) -> None:
    remove_room(attic, ada)
    ada.delete()
    undo_room_removal(attic, owner)
    assert len(administrators(attic)) == 1
    assert attic.allows(can_administer(administrators(attic)[0]))


def test_imported_rooms_and_groups_have_no_administrator(ada: User, ben: User) -> None:
    imported = Conversation.objects.create(kind=Conversation.Kind.ROOM, name="old", external_id="room:old")
    group = Conversation.objects.create_group(ada, [ben])
    for place in (imported, group):
        for person in (ada, ben):
            add(place, person)
        leave(place, ada)
        assert administrators(place) == []
