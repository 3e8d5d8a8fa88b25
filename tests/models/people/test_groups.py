"""Groups of people: their handles, who is in them, and what a mention of one does."""

import pytest
from django.core.exceptions import ValidationError

from messaging.models import AuditEntry, Conversation, GroupMembership, Message, Notification, User, UserGroup
from messaging.models.accounts.personal_data import parts_of
from messaging.models.db.refusals import Gone, Refused
from messaging.models.inbox.blocking import block
from messaging.models.messages.group_mentions import question
from messaging.models.messages.rerendering import rerender_batch
from messaging.models.messages.saving import post
from messaging.models.people.managing_groups import (
    add_to_group,
    change_group,
    create_group,
    delete_group,
    join_group,
    leave_group,
    remove_from_group,
)
from messaging.models.rooms.members import leave
from tests.contract.counting import statements
from tests.factories import UserFactory
from tests.views.growing import add_members

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> User:
    return UserFactory.create(username="boss", role=User.Role.ADMINISTRATOR)


@pytest.fixture
def crew(boss: User, ben: User, zoe: User) -> UserGroup:
    """Ben and Zoë, who are in the room, and somebody who is not."""
    group = create_group(boss, "crew", "The crew")
    add_to_group(group, [ben, zoe, UserFactory.create(username="ashore")], boss)
    return group


def reasons(message: Message) -> dict[str, str]:
    rows = Notification.objects.filter(message=message).order_by("user__username")
    return dict(rows.values_list("user__username", "reason"))


def test_its_people_in_the_conversation_are_notified(
    room: Conversation, crew: UserGroup, ada: User, ben: User, zoe: User
) -> None:
    message = post(room, ada, "Hello @Crew, and @ben")
    assert reasons(message) == {"ben": "mention", "cleo": "room", "zoe-planted": "group"}
    assert f'href="/groups/{crew.pk}/"' in message.content_html
    root = post(room, ada, "root")
    assert reasons(post(room, ada, "@crew @room", parent=root))["zoe-planted"] == "group"
    room.memberships.update(notification_level="muted")  # as a mention by name
    assert reasons(post(room, ada, "@crew", parent=root)) == {"ben": "group", "zoe-planted": "group"}
    block(ben, ada)
    leave(room, zoe)
    assert reasons(post(room, ada, "@crew", parent=root)) == {}
    group = Conversation.objects.between(ada, [zoe, UserFactory.create(username="third")])
    assert reasons(post(group, ada, "@crew")) == {"third": "room", "zoe-planted": "group"}
    assert reasons(Message.objects.create(sender=ada, receiver=zoe, content="@crew")) == {
        "zoe-planted": "direct"
    }


def test_an_edit_adds_and_removes_it(room: Conversation, crew: UserGroup, ada: User, zoe: User) -> None:
    other = create_group(UserFactory.create(role="administrator"), "watch", "The watch")
    add_to_group(other, [zoe], ada)
    reply = post(room, ada, "words", parent=post(room, ada, "root"))
    reply.edit("@crew and @watch")
    assert reasons(reply) == {"ben": "group", "zoe-planted": "group"}
    reply.edit("@watch")
    assert reasons(reply) == {"zoe-planted": "group"}
    reply.edit("nobody")
    assert reasons(reply) == {}


def test_guests_may_not_mention_a_group_and_many_people_are_asked_about(
    room: Conversation, crew: UserGroup, boss: User, ada: User, ben: User
) -> None:
    assert question(ada, room, "@crew", ()) is None
    add_members(room, 20)
    add_to_group(crew, list(User.objects.filter(memberships__conversation=room)), boss)
    asked = question(ada, room, "@crew", ())
    assert asked
    assert (asked.names, asked.is_allowed) == (["@crew"], True)
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    ben.refresh_from_db()
    asked = question(ben, room, "@crew", ())
    assert asked
    assert (asked.names, asked.is_allowed, asked.is_guest) == (["@crew"], False, True)
    with pytest.raises(ValidationError, match="cannot notify"):
        post(room, ben, "@crew")


def test_to_a_guest_a_group_of_strangers_is_plain_text(
    room: Conversation, boss: User, crew: UserGroup, ben: User
) -> None:
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    ben.refresh_from_db()
    strangers = create_group(boss, "strangers", "Strangers")
    add_to_group(strangers, [UserFactory.create(username="stranger")], boss)
    for text in ("@strangers", "@nobody"):
        assert question(ben, room, text, ()) is None
        assert "<a" not in post(room, ben, text).content_html
    assert question(ben, room, "@crew", ()) is not None  # they see people of it


def test_groups_and_people_share_one_namespace(crew: UserGroup, boss: User, ben: User) -> None:
    for handle, why in (
        ("ben", "Somebody is called @ben"),
        ("crew", "this handle already"),
        ("room", "everybody"),
    ):
        with pytest.raises(ValidationError, match=why):
            create_group(boss, handle, "Another")
        if handle != "crew":
            with pytest.raises(ValidationError, match=why):
                change_group(crew, boss, handle, "Another", is_open=False)
    for wrong in ("Crew!", "", "crew."):
        with pytest.raises(ValidationError):
            create_group(boss, wrong, "Another")
    for name in ("crew", "here"):
        with pytest.raises(ValidationError, match="mentions many people"):
            User(username=name).full_clean(exclude=["password"])
    change_group(crew, boss, "ben2", "The crew", is_open=True)
    User(username="crew").full_clean(exclude=["password"])


def test_old_messages_stay_as_they_are_when_a_group_is_renamed_or_deleted(
    room: Conversation, crew: UserGroup, boss: User, ada: User
) -> None:
    message = post(room, ada, "Hello @crew")
    change_group(crew, boss, "sailors", "Sailors", is_open=False)
    Message.rows.update(renderer_version=0)
    rerender_batch()
    assert Message.objects.get(pk=message.pk).content_html == message.content_html
    later = Message.objects.get(pk=message.pk)
    later.edit("Hello @crew and @sailors")
    assert later.content_html.count(f'class="mention" href="/groups/{crew.pk}/"') == 2
    assert post(room, ada, "Hello @crew").group_mentions == {}
    delete_group(crew, boss)
    assert post(room, ada, "Hello @sailors").group_mentions == {}
    with pytest.raises(Gone):
        delete_group(crew, boss)
    create_group(boss, "sailors", "Others")  # the handle is free again


def test_only_open_groups_can_be_joined_and_left(crew: UserGroup, boss: User, ada: User, ben: User) -> None:
    for act in (lambda: join_group(crew, ada), lambda: leave_group(crew, ben)):
        with pytest.raises(Refused):
            act()
    change_group(crew, boss, "crew", "The crew", is_open=True)
    for _ in range(2):
        join_group(crew, ada)
        leave_group(crew, ben)
    assert list(crew.memberships.values_list("user__username", flat=True).order_by("user__username")) == [
        *("ada", "ashore", "zoe-planted"),
    ]
    ada.refresh_from_db()
    assert ada.groups_version == 1
    remove_from_group(crew, ada, boss)
    guest = UserFactory.create(role=User.Role.GUEST)
    with pytest.raises(Refused):
        join_group(crew, guest)
    acts = AuditEntry.objects.order_by("pk").values_list("act", flat=True)
    assert list(dict.fromkeys(acts)) == [
        *("created_group", "added_to_group", "changed_group", "removed_from_group"),
    ]


def test_a_deleted_account_leaves_its_groups_and_an_export_names_them(crew: UserGroup, zoe: User) -> None:
    groups = parts_of(zoe)["groups"]
    assert [one["handle"] for one in groups] == ["crew"]  # type: ignore[attr-defined]
    zoe.delete()
    assert GroupMembership.objects.filter(group=crew).count() == 2


def test_the_queries_do_not_grow_with_the_group(
    room: Conversation, crew: UserGroup, boss: User, ada: User
) -> None:
    def cost() -> int:
        with statements() as made:
            post(room, ada, "@crew").edit("@crew, again")
        return len(made)

    few = cost()
    add_members(room, 300)
    add_to_group(crew, list(User.objects.filter(memberships__conversation=room)), boss)
    assert cost() == few
