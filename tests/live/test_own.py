"""What a person says of themselves, and what they want to be told, reaches open pages."""

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.inbox.status_in_sidebars import set_status
from messaging.models.messages.saving import post
from messaging.models.people.preferences import TitleCount
from messaging.models.rooms.members import add
from tests.live.conftest import Listen
from tests.live.ears import Ear

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def names(ear: Ear) -> list[str]:
    return [event.name for event in ear.events]


def test_a_status_reaches_those_who_talk_to_its_person_and_no_other_page(
    told: str, room: Conversation, ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    add(room, stranger)
    direct = Conversation.objects.direct(ada, ben)
    bens, in_direct = listen(ben), listen(ben, direct)
    strangers = listen(stranger, room)
    before = len(strangers.events)
    set_status(ada, "At lunch")
    for ear in (bens, in_direct):
        assert ear.heard("sidebar").json == {"conversations": sorted([room.pk, direct.pk]), "renamed": True}
    in_direct.until(lambda: "conversation" in names(in_direct))  # what the page calls it is asked for again
    post(room, stranger, "Later")
    strangers.heard("")
    assert set(names(strangers)[before:]) <= {"", "presence", "beat"}
    assert "reset" not in names(bens) + names(in_direct)


def test_another_count_for_the_title_reaches_all_tabs(
    told: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    post(room, ada, "To all")
    Message.objects.create(sender=ada, receiver=ben, content="To one")
    tabs = [listen(ben), listen(ben, room)]
    for tab in tabs:
        assert [event.json["title_count"] for event in tab.events if event.name == "badges"] == [2]
    User.objects.filter(pk=ben.pk).update(title_count=TitleCount.PERSONAL)
    User.objects.filter(pk=ben.pk).raise_version()
    for tab in tabs:
        assert tab.heard("badges").json["title_count"] == 1


def test_personal_message_in_a_muted_room_is_announced(
    told: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    """It makes no badge there, but one at the notifications."""
    ben.memberships.update(notification_level="muted")
    ear = listen(ben)
    post(room, ada, "To @ben")
    badges = ear.heard("badges").json
    assert (badges["unread"], badges["personal"], badges["title_count"]) == (0, 1, 0)
