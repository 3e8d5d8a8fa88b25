"""Who looks after a room when its last administrator goes, in whatever way they go."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.models import AccountDeletion, AuditEntry, Conversation, Membership, User
from messaging.models.accounts.moderation import ban, change_role, deactivate
from messaging.models.conversations.permissions import can_add_members, can_administer
from messaging.models.db.refusals import Refused
from messaging.models.rooms.administration import remove_room, undo_room_removal
from messaging.models.rooms.handover import successor_of
from messaging.models.rooms.members import add, leave, remove_member
from messaging.models.rooms.members import change_role as change_room_role
from tests.factories import RoomFactory, UserFactory

ADMIN, MODERATOR, MEMBER = Membership.Role.ADMIN, Membership.Role.MODERATOR, Membership.Role.MEMBER
Role = User.Role


@pytest.fixture
def attic(ada: User, ben: User, cleo: User) -> Conversation:
    """Led by Ada; Cleo was in it before Ben, and before both a guest, and somebody who is let in no more."""
    guest, gone = UserFactory.create(role=Role.GUEST), UserFactory.create(is_active=False)
    room = RoomFactory.create(by=ada, members=[ben, cleo, guest, gone], is_private=True)
    for days, person in enumerate([ben, cleo, guest, gone]):
        room.memberships.filter(user=person).update(joined_at=timezone.now() - timedelta(days=days))
    return room


@pytest.fixture
def owner(attic: Conversation) -> User:
    return UserFactory.create(role=Role.OWNER)


def leading(room: Conversation) -> list[User]:
    return [seat.user for seat in room.memberships.filter(role=ADMIN).select_related("user")]


def is_removed(room: Conversation, ada: User, owner: User) -> None:
    add(room, owner)
    remove_member(room, ada, by=owner)


WAYS: dict[str, Callable[[Conversation, User, User], object]] = {
    "leaves": lambda room, ada, owner: leave(room, ada),
    "is taken out": is_removed,
    "becomes a guest": lambda room, ada, owner: change_role(ada, Role.GUEST, by=owner),
    "is deactivated": lambda room, ada, owner: deactivate(ada, by=owner),
    "is banned": lambda room, ada, owner: ban(ada, by=owner),
    "begins to go": lambda room, ada, owner: AccountDeletion.objects.start(ada),
    "is erased": lambda room, ada, owner: ada.delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_is_in_it_longest_leads_it_from_then_on(
    attic: Conversation, ada: User, ben: User, cleo: User, owner: User, way: str
) -> None:
    square = RoomFactory.create(by=ada, members=[ben])
    change_room_role(square, ben, ADMIN, by=ada)
    WAYS[way](attic, ada, owner)
    assert [one for one in leading(attic) if one != ada] == [cleo]
    assert attic.allows(can_administer(cleo))
    assert not attic.allows(can_add_members(ben))
    entry = AuditEntry.objects.get(act="handed_over")
    assert (entry.person, entry.conversation) == (cleo, attic)
    assert ben in leading(square)


def test_moderator_becomes_administrator_before_older_members(
    attic: Conversation, ada: User, ben: User
) -> None:
    change_room_role(attic, ben, MODERATOR, by=ada)
    successor = successor_of(attic, ada.pk)
    assert successor
    assert successor.user == ben
    leave(attic, ada)
    assert leading(attic) == [ben]


def test_whoever_does_not_lead_it_hands_nothing_over(attic: Conversation, ada: User, ben: User) -> None:
    change_room_role(attic, ben, ADMIN, by=ada)
    assert successor_of(attic, ada.pk) is None
    leave(attic, ada)
    assert leading(attic) == [ben]
    assert not AuditEntry.objects.filter(act="handed_over").exists()


def test_the_last_administrator_is_not_made_less_and_a_guest_not_more(
    attic: Conversation, ada: User, ben: User
) -> None:
    with pytest.raises(Refused, match="last_administrator"):
        change_room_role(attic, ada, MODERATOR, by=ada)
    for seat in attic.memberships.exclude(user__in=[ada, ben]).exclude(user__username="cleo"):
        change_room_role(attic, seat.user, ADMIN, by=ada)
        assert attic.memberships.get(pk=seat.pk).role == MEMBER
    change_room_role(attic, ben, ADMIN, by=ada)
    change_room_role(attic, ada, MEMBER, by=ben)
    assert leading(attic) == [ben]


def test_two_who_go_at_once_pass_it_to_a_third(attic: Conversation, ada: User, ben: User, cleo: User) -> None:
    change_room_role(attic, cleo, ADMIN, by=ada)
    User.objects.filter(pk__in=[ada.pk, cleo.pk]).delete()
    assert leading(attic) == [ben]


def test_a_room_that_is_back_without_its_administrator_gets_another(
    attic: Conversation, ada: User, ben: User, owner: User
) -> None:
    remove_room(attic, ada)
    ada.delete()
    undo_room_removal(attic, owner)
    assert len(leading(attic)) == 1
    assert attic.allows(can_administer(leading(attic)[0]))


def test_a_room_that_nobody_led_is_led_by_nobody_and_a_group_neither(ada: User, ben: User) -> None:
    imported = Conversation.objects.create(kind=Conversation.Kind.ROOM, name="old", external_id="room:old")
    group = Conversation.objects.create_group(ada, [ben])
    for place in (imported, group):
        for person in (ada, ben):
            add(place, person)
        leave(place, ada)
        assert leading(place) == []
