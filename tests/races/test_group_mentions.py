"""Mentions of everybody against each other, and against the end of what they need."""

from functools import partial
from uuid import uuid4

import pytest

from messaging.models import Conversation, Installation, Membership, Message, Notification, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, change_role, leave
from tests.races.racing import FEWER_ROUNDS, Racers, outcome_name

pytestmark = pytest.mark.django_db(transaction=True)


def again(room: Conversation) -> Conversation:
    return Conversation.objects.get(pk=room.pk)


def reasons(message: Message) -> list[str]:
    return sorted(Notification.objects.filter(message=message).values_list("reason", flat=True))


def test_sends_and_edits_at_once_notify_each_member_once(
    racers: Racers, room: Conversation, ada: User
) -> None:
    others = room.memberships.count() - 1
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        send = partial(post, room, ada, f"{number} @room", client_id=uuid4())
        first, second = race.run(send, send)
        assert first.pk == second.pk
        assert reasons(first) == ["@room"] * others
        plain = post(room, ada, f"{number}")
        edits = [partial(Message.objects.get(pk=plain.pk).edit, f"{number} @room{end}") for end in ("", "!")]
        assert {outcome_name(one) for one in race.run(*edits)} == {"done"}
        assert reasons(plain) == ["@room"] * others


def test_who_leaves_or_loses_the_right_meanwhile(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    Installation.objects.row().update(room_mentioners=Installation.RoomMentioners.MODERATORS)
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        send = partial(post, again(room), ada, f"{number} @room")
        sent, left = race.run(send, partial(leave, again(room), ben))
        assert {outcome_name(sent), outcome_name(left)} == {"done"}
        assert not Notification.objects.filter(user=ben).exists()
        add(room, ben)
        change_role(room, ben, Membership.Role.MODERATOR, by=ada)
        send = partial(post, again(room), ben, f"{number} @room")
        demote = partial(change_role, again(room), ben, Membership.Role.MEMBER, by=ada)
        sent, _demoted = race.run(send, demote)
        assert outcome_name(sent) in race.by_order("done", "group_mention")
