"""A person's status and notification preferences reach open pages."""

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.inbox.status import set_status
from messaging.models.messages.saving import post
from messaging.models.people.preferences import TitleCounts
from messaging.models.rooms.members import add
from tests.live.conftest import Listen
from tests.live.stream_client import StreamClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def names(stream: StreamClient) -> list[str]:
    return [event.name for event in stream.events]


def test_a_status_reaches_people_with_a_direct_conversation_and_nobody_else(
    delivery: str, room: Conversation, ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    add(room, stranger)
    direct = Conversation.objects.direct(ada, ben)
    bens, in_direct = listen(ben), listen(ben, direct)
    strangers = listen(stranger, room)
    states = {event.json["state"] for event in bens.events + in_direct.events if event.name == "sidebar"}
    assert len(states) == 1
    before = len(strangers.events)
    set_status(ada, "At lunch")
    for stream in (bens, in_direct):
        shown = stream.next_event("sidebar").json
        assert shown["conversations"] == sorted([room.pk, direct.pk])
        assert shown["state"] not in states
    in_direct.until(
        lambda: "conversation" in names(in_direct)
    )  # the page loads the conversation's name again
    post(room, stranger, "Later")
    strangers.next_event("")
    assert set(names(strangers)[before:]) <= {"", "presence", "beat"}
    assert "reset" not in names(bens) + names(in_direct)


def test_a_changed_title_count_preference_reaches_all_tabs(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    post(room, ada, "To all")
    Message.objects.create(sender=ada, receiver=ben, content="To one")
    tabs = [listen(ben), listen(ben, room)]
    for tab in tabs:
        assert [event.json["title_count"] for event in tab.events if event.name == "badges"] == [2]
    User.objects.filter(pk=ben.pk).update(title_counts=TitleCounts.PERSONAL)
    User.objects.filter(pk=ben.pk).raise_version()
    for tab in tabs:
        assert tab.next_event("badges").json["title_count"] == 1


def test_personal_message_in_a_muted_room_is_announced(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    """It makes no badge there, but one at the notifications."""
    ben.memberships.update(notification_level="muted")
    stream = listen(ben)
    post(room, ada, "To @ben")
    badges = stream.next_event("badges").json
    assert (badges["unread"], badges["personal"], badges["title_count"]) == (0, 1, 0)
