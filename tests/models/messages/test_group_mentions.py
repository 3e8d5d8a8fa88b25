"""Mentions of many people at once: who is notified and why, who may do it, and what an edit changes."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.models import Conversation, Installation, Membership, Message, Notification, User
from messaging.models.inbox.blocking import block
from messaging.models.inbox.mentionable_groups import MentionableGroup, mentionable_groups
from messaging.models.inbox.pausing import pause
from messaging.models.messages.group_mentions import Question, question
from messaging.models.messages.keywords import checked_keywords, save_keywords
from messaging.models.messages.rerendering import rerender_batch
from messaging.models.messages.saving import post
from messaging.models.people.managing_groups import add_to_group, create_group
from messaging.models.people.preferences import NotificationLevel
from messaging.models.rooms.members import add, leave
from tests.contract.counting import statements
from tests.factories import RoomFactory, UserFactory
from tests.views.growing import add_members

pytestmark = pytest.mark.django_db
read = Message.unread_messages.mark_as_read_for_user


@pytest.fixture
def room(ada: User, ben: User, cleo: User) -> Conversation:
    return RoomFactory.create(by=ada, members=[ben, cleo])


def reasons(message: Message) -> dict[str, str]:
    rows = Notification.objects.filter(message=message).order_by("user__username")
    return dict(rows.values_list("user__username", "reason"))


def set_level(user: User, level: NotificationLevel) -> None:
    Membership.objects.filter(user=user).update(notification_level=level)


def allow(mentioners: Installation.RoomMentioners) -> None:
    Installation.objects.row().update(room_mentioners=mentioners)


def test_everybody_in_the_room_is_notified_by_the_closest_reason(
    room: Conversation, ada: User, ben: User
) -> None:
    assert reasons(post(room, ada, "Dear @room, and @ben")) == {"ben": "mention", "cleo": "@room"}
    present = [ada.pk, ben.pk, UserFactory.create(username="elsewhere").pk]
    assert reasons(post(room, ada, "@here!", present=present)) == {"ben": "@here", "cleo": "room"}
    assert reasons(post(room, ada, "@here and @room", present=present)) == {"ben": "@here", "cleo": "@room"}
    quiet = post(room, ada, "not so loud, @room", notifies_only_people=True)
    assert reasons(quiet) == {"ben": "room", "cleo": "room"}
    assert "mention" not in quiet.content_html


def test_the_name_of_a_room_mentions_nobody(room: Conversation, ada: User, ben: User) -> None:
    RoomFactory.create(name="team @here", by=ada)
    RoomFactory.create(name="ask @ben", by=ada)
    present = [ada.pk, ben.pk]
    message = post(room, ada, "See #team @here and #ask @ben", present=present)
    assert reasons(message) == {"ben": "room", "cleo": "room"}
    assert message.content_html.count("room-link") == 2
    assert question(ada, room, "#team @here", present) is None
    assert reasons(post(room, ada, "#team @here, @here", present=present))["ben"] == "@here"
    message.edit("See #team @here, @ben")
    assert reasons(message)["ben"] == "mention"


def test_replies_reach_those_who_do_not_follow_the_thread(room: Conversation, ada: User, ben: User) -> None:
    root = post(room, ben, "root")
    assert reasons(post(room, ada, "@here", parent=root, present=[ada.pk])) == {"ben": "reply"}
    assert reasons(post(room, ada, "@room", parent=root)) == {"ben": "@room", "cleo": "@room"}


def test_who_muted_the_room_or_blocks_the_author_or_was_deactivated_is_not_called(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    root = post(room, ada, "root")
    set_level(ben, NotificationLevel.MUTED)
    set_level(cleo, NotificationLevel.PERSONAL)
    assert reasons(post(room, ada, "@room")) == {"ben": "room", "cleo": "@room"}
    assert reasons(post(room, ada, "@here", parent=root, present=[ben.pk, cleo.pk])) == {"cleo": "@here"}
    assert reasons(post(room, ada, "@room, and @ben", parent=root))["ben"] == "mention"
    block(cleo, ada)
    assert reasons(post(room, ada, "@room", parent=root)) == {}
    gone = UserFactory.create(username="gone", is_active=False)
    Membership.objects.create(conversation=room, user=gone)
    edited = post(room, ada, "words", parent=root)
    edited.edit("@room @here", present=[ben.pk, cleo.pk, gone.pk])
    assert reasons(edited) == {}


@pytest.mark.parametrize(
    "text", ["`@room`", "> @room", "a@room", "@roomy", "@room@example.org", "[@here](https://a.example)"]
)
def test_what_is_no_mention_of_a_person_is_none_of_the_room(room: Conversation, ada: User, text: str) -> None:
    assert set(reasons(post(room, ada, text, present=[ada.pk])).values()) == {"room"}


def test_the_words_mean_nothing_in_direct_conversations_and_groups(ada: User, ben: User, cleo: User) -> None:
    message = Message.objects.create(sender=ada, receiver=ben, content="The @room is booked")
    assert reasons(message) == {"ben": "direct"}
    group = Conversation.objects.between(ada, [ben, cleo])
    assert set(reasons(post(group, ada, "@room @here", present=[ben.pk])).values()) == {"room"}
    assert question(ada, group, "@room", ()) is None


def test_a_member_with_such_a_name_is_meant_alone(room: Conversation, ada: User) -> None:
    add(room, UserFactory.create(username="room"))
    assert reasons(post(room, ada, "Hello @room")) == {"ben": "room", "cleo": "room", "room": "mention"}


def test_edit_that_adds_or_removes_the_mention(room: Conversation, ada: User, ben: User, cleo: User) -> None:
    message = post(room, ada, "words for @ben")
    read(ben)
    read(cleo)
    message.edit("words for @ben and @room")
    assert reasons(message) == {"ben": "mention", "cleo": "@room"}
    assert [Notification.objects.get(user=one).is_read for one in (ben, cleo)] == [True, False]
    read(cleo)
    message.edit("other words for @room")
    assert reasons(message) == {"ben": "@room", "cleo": "@room"}
    assert Message.objects.get(pk=message.pk).read is True  # nobody was newly mentioned
    message.edit("for nobody")
    assert reasons(message) == {"ben": "room", "cleo": "room"}
    reply = post(room, ada, "@room", parent=post(room, ben, "root"))
    reply.edit("for nobody", notifies_only_people=True)
    assert reasons(reply) == {"ben": "reply"}
    reply.edit("@room, quietly", notifies_only_people=True)
    assert reasons(reply) == {"ben": "reply"}


@pytest.mark.parametrize("text", ["Hello @cleo", "Hello @room", "Hello @here", "Hello @crew", "The launch"])
def test_without_its_mention_a_message_is_what_it_is_for_who_wants_to_be_notified_of_each(
    room: Conversation, ada: User, cleo: User, text: str
) -> None:
    set_level(cleo, NotificationLevel.EVERY)
    save_keywords(cleo, checked_keywords(["launch"]))
    add_to_group(create_group(ada, "crew", "Crew"), [cleo], ada)
    message = post(room, ada, text, present=[cleo.pk])
    assert reasons(message)["cleo"] not in ("every", "room")
    message.edit("Hello all")
    assert reasons(message) == {"ben": "room", "cleo": "every"}


def test_nobody_is_told_who_is_in_quiet_time(room: Conversation, ada: User, ben: User, cleo: User) -> None:
    add_members(room, 19)
    everybody = list(User.objects.values_list("pk", flat=True))

    def told() -> tuple[Question | None, list[MentionableGroup]]:
        return question(ada, room, "@here", everybody), mentionable_groups(ada, room, {ben.pk, cleo.pk})

    before = told()
    assert before == (Question(["@here"], 21, True, False), [("room", 21, 0, ""), ("here", 2, 0, "")])
    pause(ben, timezone.now() + timedelta(hours=1))
    assert told() == before


def test_an_edit_keeps_what_was_mentioned_before(room: Conversation, ada: User, ben: User) -> None:
    message = post(room, ada, "@room")
    allow(Installation.RoomMentioners.MODERATORS)
    theirs = Message.objects.get(pk=message.pk)
    Membership.objects.filter(user=ada).update(role=Membership.Role.MEMBER)
    theirs.edit("@room, once more", notifies_only_people=True)  # needs no right, and asks nothing
    assert reasons(theirs) == {"ben": "@room", "cleo": "@room"}
    with pytest.raises(ValidationError, match="cannot notify"):
        theirs.edit("@room and @here")


def test_what_was_sent_without_notifying_stays_plain_when_another_word_is_edited(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    message = post(room, ada, "@here teh tide", present=[ben.pk], notifies_only_people=True)
    stored = Message.objects.get(pk=message.pk)
    text = "@here the tide"
    assert question(ada, room, text, [ben.pk], (stored.content, stored.content_html)) is None
    stored.edit(text, present=[ben.pk, cleo.pk])
    assert reasons(stored) == {"ben": "room", "cleo": "room"}
    assert "mention" not in stored.content_html
    stored.edit("@here the tide, @room", present=[ben.pk])
    assert reasons(stored) == {"ben": "@room", "cleo": "@room"}


def test_the_sender_is_asked_before_more_than_twenty_people_are_notified(
    room: Conversation, ada: User, ben: User
) -> None:
    add_members(room, 18)
    assert question(ada, room, "@room", ()) is None
    add_members(room, 1)
    assert question(ada, room, "@room", ()) == Question(["@room"], 21, is_allowed=True, is_guest=False)
    assert question(ada, room, "@here", [ada.pk, ben.pk]) is None
    everybody = list(User.objects.values_list("pk", flat=True))
    assert question(ada, room, "@here", everybody) == Question(["@here"], 21, True, False)
    set_level(ben, NotificationLevel.MUTED)
    assert question(ada, room, "@room @here", everybody) is None
    assert question(ada, room, "`@room`", ()) is None
    set_level(ben, NotificationLevel.ALL)
    shown = post(room, ada, "@room").content_html
    assert question(ada, room, "@room again", (), replaced=("@room", shown)) is None


def test_the_queries_do_not_grow_with_the_room(room: Conversation, ada: User) -> None:
    def cost(present: Collection[int]) -> int:
        with statements() as made:
            message = post(room, ada, "@room and @here", present=present)
            message.edit("nobody")
            message.edit("@room", present=present)
        assert message.notifications.filter(reason="@room").count() == room.memberships.count() - 1
        return len(made)

    add_members(room, 7)
    few = cost([ada.pk])
    add_members(room, 490)
    assert cost(list(User.objects.values_list("pk", flat=True))) == few


def test_a_former_member_is_not_called_and_rendering_again_keeps_the_mention(
    room: Conversation, ada: User, cleo: User
) -> None:
    leave(room, cleo)
    message = post(room, ada, "@Room")
    assert reasons(message) == {"ben": "@room"}
    Message.rows.update(renderer_version=0)
    assert rerender_batch()
    assert Message.objects.get(pk=message.pk).content_html == message.content_html
    assert f'href="/conversations/{room.pk}/members/"' in message.content_html
