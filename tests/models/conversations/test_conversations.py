"""Conversations: direct ones, members, and `writing()`."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from messaging.models import Conversation, Membership, Message, Notification, User
from messaging.models.conversations.permissions import can_add_members
from messaging.models.conversations.queryset import NEXT_VERSION
from messaging.models.db.refusals import Gone, Refused
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, add_people, leave
from tests.factories import RoomFactory, UserFactory


def every_number() -> list[tuple[Any, ...]]:
    """The versions of all conversations and people."""
    conversations = Conversation.objects.order_by("pk").values_list("version", "members_version")
    return [*conversations, *User.objects.order_by("pk").values_list("pk", "version")]


def test_either_of_two_people_begins_the_same_direct_conversation(ada: User, ben: User, cleo: User) -> None:
    direct = Conversation.objects.direct
    assert direct(ada, ben) == direct(ben, ada)
    assert direct(ada, ben) != direct(ada, cleo)
    assert set(direct(ada, ben).members.all()) == {ada, ben}


@pytest.mark.parametrize(
    "fields",
    [{"kind": "direct", "direct_key": "1:2"}, {"kind": "direct"}, {"kind": "room", "direct_key": "3:4"}],
    ids=["a second one", "without a key", "a room with a key"],
)
def test_the_database_itself_refuses_a_wrong_key(db: None, fields: dict[str, Any]) -> None:
    Conversation.objects.create(kind="direct", direct_key="1:2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.create(**fields)


def test_notes_to_oneself_are_a_conversation_of_one(ada: User) -> None:
    note = Message.objects.create(sender=ada, receiver=ada, content="Buy ink, @ada")
    assert note.conversation == Conversation.objects.direct(ada, ada)
    assert list(note.conversation.members.all()) == [ada]
    assert note.conversation.other_id(ada.pk) == ada.pk
    [entry] = sidebar_of(ada).direct_and_groups
    assert (entry.title, entry.unread) == ("Notes to yourself", 0)
    assert note.read
    assert not Notification.objects.exists()


def test_a_direct_conversation_stays_between_its_two_people(ada: User, ben: User, cleo: User) -> None:
    direct = Conversation.objects.direct(ada, ben)
    for change in (lambda: add(direct, cleo), lambda: leave(direct, ben)):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "direct"
    assert set(direct.members.all()) == {ada, ben}


def test_adding_a_member_or_removing_a_stranger_changes_nothing(ada: User, room: Conversation) -> None:
    stranger = UserFactory.create()
    before = every_number()
    add(room, ada)
    leave(room, stranger)
    assert every_number() == before


def test_a_room_has_a_tidy_name_and_its_maker_as_administrator(ada: User) -> None:
    room = Conversation.objects.create_room("  The \n garden ", by=ada, topic=" roses,\t mostly ")
    assert (room.name, room.topic, room.created_by) == ("The garden", "roses, mostly", ada)
    assert Membership.objects.get(conversation=room).role == Membership.Role.ADMIN


@pytest.mark.parametrize("fields", [{"name": " "}, {"name": "x" * 81}, {"name": "ok", "topic": "x" * 251}])
def test_a_room_without_a_name_or_with_too_long_a_one_is_not_made(ada: User, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Conversation.objects.create_room(by=ada, **fields)
    assert not Conversation.objects.exists()


def test_people_can_open_public_rooms_and_see_only_their_own_conversations(ada: User, ben: User) -> None:
    public, private = RoomFactory.create(by=ada), RoomFactory.create(by=ada, is_private=True)
    group, direct = Conversation.objects.create_group(ada, [ben]), Conversation.objects.direct(ada, ben)
    assert set(Conversation.objects.open_to(ben)) == {public}
    assert set(Conversation.objects.visible_to(ben)) == {group, direct}
    assert set(Conversation.objects.open_to(ada)) == {public, private}


def test_a_failed_condition_rolls_the_version_back(room: Conversation) -> None:
    version = Conversation.objects.get(pk=room.pk).version
    never = models.Exists(User.objects.none())
    with pytest.raises(Refused, match="impossible"), room.writing({"impossible": never}):
        pytest.fail("writing() did not refuse")
    assert Conversation.objects.get(pk=room.pk).version == version


def test_failure_inside_writing_rolls_the_version_back(room: Conversation) -> None:
    version = Conversation.objects.get(pk=room.pk).version
    with pytest.raises(ZeroDivisionError), room.writing(topic="lost"):
        raise ZeroDivisionError
    stored = Conversation.objects.get(pk=room.pk)
    assert (stored.version, stored.topic, room.topic) == (version, "", "")


def test_deleted_conversation_cannot_be_written_to(room: Conversation) -> None:
    gone = Conversation.objects.get(pk=room.pk)
    room.delete()
    with pytest.raises(Gone), gone.writing():
        pytest.fail("writing() did not refuse")


def test_an_import_takes_a_version_for_each_message(room: Conversation) -> None:
    before = Conversation.objects.get(pk=room.pk).version
    with room.writing(count=5) as last:
        assert last == before + 5
    assert room.version == before + 5


def test_several_conversations_are_written_under_one_lock_each_with_its_own_version(ada: User) -> None:
    one, other, _ = (RoomFactory.create(by=ada) for _ in range(3))
    post(one, ada, "words")
    with Conversation.objects.filter(pk__in=[other.pk, one.pk]).writing(
        reset_version=NEXT_VERSION
    ) as versions:
        assert versions == {one.pk: 2, other.pk: 1}
    rows = Conversation.objects.order_by("pk").values_list("version", "reset_version")
    assert list(rows) == [(2, 2), (1, 1), (0, 0)]


@pytest.mark.parametrize("name", ["Garden", "GARDEN", "  garden "])
def test_room_names_are_unique_whatever_their_case(ada: User, ben: User, name: str) -> None:
    Conversation.objects.create_room("garden", by=ada, is_private=True)
    with pytest.raises(ValidationError, match="A room with this name already exists") as refusal:
        Conversation.objects.create_room(name, by=ben)
    assert list(refusal.value.message_dict) == ["name"]
    assert Conversation.objects.count() == 1


def test_room_names_are_unique_in_every_alphabet_and_in_the_database(ada: User) -> None:
    Conversation.objects.create_room("Ärzte", by=ada)
    with pytest.raises(ValidationError):
        Conversation.objects.create_room("ÄRZTE", by=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.create(kind="room", name="ärzte")


def test_the_same_people_have_one_group_and_two_people_their_direct_conversation(
    ada: User, ben: User, cleo: User
) -> None:
    between = Conversation.objects.between
    group = between(ada, [ben, cleo])
    assert set(group.members.all()) == {ada, ben, cleo}
    dan = UserFactory.create()
    larger = between(ada, [ben, cleo, dan])
    assert between(cleo, [ada, ben]) == between(ben, [ada, cleo, ben]) == group
    assert between(dan, [ada, ben, cleo]) == larger
    assert between(ada, [ben]) == between(ada, [ada, ben]) == Conversation.objects.direct(ben, ada)
    assert between(ada, [ada]) == Conversation.objects.direct(ada, ada)
    leave(larger, cleo)
    assert between(ada, [ben, dan]) == larger
    assert Conversation.objects.count() == 4


def test_a_room_of_the_same_people_is_no_group_of_theirs(room: Conversation, ada: User) -> None:
    others = list(room.members.exclude(pk=ada.pk))
    assert Conversation.objects.between(ada, others) != room


def test_people_are_added_together_and_members_keep_their_role(ada: User, ben: User, cleo: User) -> None:
    room = Conversation.objects.create_room("garden", by=ada)
    before = Conversation.objects.get(pk=room.pk)
    add_people(room, [ada, ben, cleo], by=ada)
    now = Conversation.objects.get(pk=room.pk)
    assert set(room.members.all()) == {ada, ben, cleo}
    assert room.memberships.get(user=ada).role == Membership.Role.ADMIN
    assert now.version == now.members_version == before.version + 1


def test_who_may_add_people(ada: User, ben: User, cleo: User) -> None:
    public, private = (
        Conversation.objects.create_room(f"{is_private}", by=ada, is_private=is_private)
        for is_private in (False, True)
    )
    for room in (public, private):
        add(room, ben)
    group = Conversation.objects.create_group(ada, [ben])
    direct = Conversation.objects.direct(ada, ben)
    assert [place.allows(can_add_members(ada)) for place in (public, private, group, direct)] == [
        True,
        True,
        True,
        False,
    ]
    assert [place.allows(can_add_members(ben)) for place in (public, private, group, direct)] == [
        True,
        False,
        True,
        False,
    ]
    assert not any(place.allows(can_add_members(cleo)) for place in (public, private, group, direct))
    with pytest.raises(Refused):
        add_people(private, [cleo], by=ben)
    assert not private.memberships.filter(user=cleo).exists()
    leave(private, ada)
    add_people(private, [cleo], by=ben)  # otherwise nobody could add people any more
    assert private.memberships.filter(user=cleo).exists()
