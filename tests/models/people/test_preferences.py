"""New members get their preferred notification level, however they are added."""

from messaging.models import Conversation, Invitation, Message, User
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel, TitleCounts
from messaging.models.rooms.members import add, add_people, leave
from messaging.models.rooms.settings import remove_room, undo_room_removal
from tests.factories import RoomFactory, UserFactory

ALL, PERSONAL, MUTED = NotificationLevel.ALL, NotificationLevel.PERSONAL, NotificationLevel.MUTED


def level(person: User, conversation: Conversation) -> str:
    return person.memberships.get(conversation=conversation).notification_level


def prefer(person: User, **what: str) -> None:
    User.objects.filter(pk=person.pk).update(**what)


def test_new_members_get_their_default_notification_level(ada: User, ben: User, room: Conversation) -> None:
    cleo = UserFactory.create()
    before = level(ben, room)
    prefer(ben, default_notification_level=PERSONAL)
    prefer(cleo, default_notification_level=MUTED)
    assert level(ben, room) == before == ALL  # what is there stays
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    owner = User.objects.get(pk=ada.pk)
    joined, filled, invited, removed = RoomFactory.create_batch(4, by=owner)
    add(joined, ben)
    add_people(filled, [ben, cleo], by=owner)
    Invitation.objects.invite(owner, rooms=[invited])[0].add_to_rooms(ben)
    add(removed, ben)
    removed.memberships.update(notification_level=ALL)
    remove_room(removed, owner)
    undo_room_removal(removed, owner)
    made = RoomFactory.create(by=ben)
    for one in (joined, filled, invited, removed, made):
        assert level(ben, one) == PERSONAL
    assert level(cleo, filled) == MUTED
    assert level(owner, removed) == ALL


def test_direct_conversations_and_groups_always_notify(ada: User, ben: User) -> None:
    prefer(ben, default_notification_level=MUTED)
    direct = Conversation.objects.direct(ada, ben)
    group = Conversation.objects.create_group(ada, [ben, UserFactory.create()])
    leave(group, ben)
    add(group, ben)
    assert (level(ben, direct), level(ben, group)) == (ALL, ALL)


def test_the_title_counts_everything_or_what_is_personal(ada: User, ben: User, room: Conversation) -> None:
    post(room, ada, "to all")
    post(room, ada, "to @ben")
    Message.objects.create(sender=ada, receiver=ben, content="between us")
    assert sidebar_of(ben).title_count == 3
    before = sidebar_of(ben).state
    prefer(ben, title_counts=TitleCounts.PERSONAL)
    shown = sidebar_of(User.objects.get(pk=ben.pk))
    assert (shown.title_count, shown.unread, shown.personal) == (2, 3, 2)
    assert shown.state != before
