"""A room's settings: its name, roles, archive, and what its members set for themselves."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from messaging.models import Conversation, Membership, Message, User
from messaging.models.db.refusals import Refused
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from messaging.models.rooms.settings import rename
from tests.factories import RoomFactory, UserFactory
from tests.views.page import Page
from tests.views.rooms.helpers import acts, place, sidebar

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
ADMIN, MODERATOR, MEMBER = Membership.Role.ADMIN, Membership.Role.MODERATOR, Membership.Role.MEMBER


def test_a_rename_shows_at_once_for_every_member(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User
) -> None:
    assert "Harbour" in sidebar(as_ben)
    before = Conversation.objects.get(pk=room.pk).members_version
    answer = as_ada.post(place("room_rename", room.pk), {"name": "Quay", "topic": "Ropes"})
    assert answer.status_code == 302
    assert "Quay" in sidebar(as_ben)
    assert "Harbour" not in sidebar(as_ben)
    assert "Ropes" in as_ben.get(place("conversation", room.pk)).content.decode()
    assert Conversation.objects.get(pk=room.pk).members_version > before  # so that open pages ask again


@pytest.mark.parametrize(
    ("name", "reason"), [("", "visible text"), ("x" * 81, "the limit is"), ("OTHER", "with this name")]
)
def test_an_invalid_name_is_refused_and_stays_in_the_form(
    as_ada: Client, room: Conversation, ada: User, name: str, reason: str
) -> None:
    Conversation.objects.create_room("Other", by=ada)
    answer = as_ada.post(place("room_rename", room.pk), {"name": name, "topic": "typed"})
    assert answer.status_code == 422
    page = Page(answer)
    assert (page.field_value("name"), page.field_value("topic")) == (name, "typed")
    assert reason in page.all("errors")[0].text
    assert Conversation.objects.get(pk=room.pk).name == "Harbour"


def test_only_room_administrators_can_change_the_room(
    as_ben: Client, room: Conversation, ben: User, ada: User
) -> None:
    for role in (MEMBER, MODERATOR):
        room.memberships.filter(user=ben).update(role=role)
        page = Page(as_ben.get(place("conversation_settings", room.pk)))
        assert not [one for one in page.elements if one.attributes.get("name") == "topic"]
        for name in ("room_rename", "room_archive", "room_unarchive", "room_remove"):
            assert as_ben.post(place(name, room.pk), {"name": "Mine", "topic": ""}).status_code == 404
        assert as_ben.post(place("room_member", room.pk, ada.pk), {"remove": ""}).status_code == 404
    assert Conversation.objects.get(pk=room.pk).name == "Harbour"
    assert room.memberships.count() == 2
    assert acts() == []


def test_site_administrator_administers_rooms_that_they_are_in(
    browser: Callable[..., Client], room: Conversation
) -> None:
    olga = UserFactory.create(role=User.Role.ADMINISTRATOR)
    assert browser(olga).post(place("room_archive", room.pk)).status_code == 404
    add(room, olga)
    assert browser(olga).post(place("room_archive", room.pk)).status_code == 302


def test_groups_and_direct_conversations_have_no_administrators(as_ada: Client, ada: User, ben: User) -> None:
    group = Conversation.objects.create_group(ada, [ben])
    for one in (group, Conversation.objects.direct(ada, ben)):
        assert as_ada.get(place("conversation_settings", one.pk)).status_code == 200
        assert as_ada.post(place("room_rename", one.pk), {"name": "Room"}).status_code == 404
        with pytest.raises(Refused):
            rename(one, "Room", "", by=ada)


def test_member_gets_a_role_and_hands_over_and_is_removed(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    theirs = place("room_member", room.pk, ben.pk)
    assert theirs in Page(as_ada.get(place("conversation_members", room.pk))).links
    assert as_ada.post(theirs, {"role": ADMIN}).status_code == 302
    assert as_ada.post(theirs, {"role": "emperor"}).status_code == 404
    assert room.memberships.get(user=ben).role == ADMIN
    # Ada hands the room over, and becomes a member again.
    assert as_ben.post(place("room_member", room.pk, ada.pk), {"role": MEMBER}).status_code == 302
    assert as_ada.post(theirs, {"role": MEMBER}).status_code == 404
    assert as_ben.post(place("room_member", room.pk, ada.pk), {"remove": ""}).status_code == 302
    assert as_ada.get(place("conversation", room.pk)).status_code == 404
    assert acts() == ["changed_room_role", "changed_room_role", "removed_member"]
    assert as_ben.get(place("room_member", room.pk, 10**30)).status_code == 404


def test_an_archived_room_can_be_read_and_not_written_to(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    message = post(room, ada, "Last words")
    assert sidebar_of(ben).unread == 1
    assert (
        "marked as read for everyone" in as_ada.get(place("conversation_settings", room.pk)).content.decode()
    )
    assert as_ada.post(place("room_archive", room.pk)).status_code == 302
    assert "Harbour" not in sidebar(as_ben)
    assert sidebar_of(ben).unread == 0
    assert not ben.notifications.filter(read_at=None).exists()
    message.refresh_from_db()
    assert message.read
    page = as_ben.get(place("conversation", room.pk)).content.decode()
    assert "Last words" in page
    assert "This room is archived" in page
    for name, pk in (("message_send", room.pk), ("message_reply", message.pk)):
        answer = as_ben.post(place(name, pk), {"content": "Too late"})
        assert answer.status_code == 422
        assert Page(answer).field_value() == "Too late"
        assert "archived" in Page(answer).all("errors")[0].text
    answer = as_ada.post(place("message_edit", message.pk), {"content": "Changed", "revision": 0})
    assert (answer.status_code, Page(answer).field_value()) == (422, "Changed")
    with pytest.raises(ValidationError):
        message.edit("Changed")
    assert Message.rows.filter(conversation=room).count() == 1
    rooms = as_ben.get(place("room_list"))
    assert "Harbour" not in " ".join(one.text for one in Page(rooms).all("room"))
    archived = as_ben.get(place("room_list") + "?archived")
    assert "Harbour" in " ".join(one.text for one in Page(archived).all("room"))
    assert as_ada.post(place("room_unarchive", room.pk)).status_code == 302
    assert as_ben.post(place("message_send", room.pk), {"content": "Again"}).status_code == 302
    assert "Harbour" in sidebar(as_ben)
    assert acts() == ["archived", "unarchived"]


@pytest.mark.parametrize(
    ("level", "unread", "personal"), [("all", 3, 2), ("personal", 2, 2), ("muted", 0, 2)]
)
def test_the_notification_level_decides_what_the_badges_count(
    as_ben: Client, room: Conversation, ada: User, ben: User, level: str, unread: int, personal: int
) -> None:
    his = post(room, ben, "Mine")
    assert (
        as_ben.post(place("conversation_settings", room.pk), {"notification_level": level}).status_code == 302
    )
    post(room, ada, "To all")
    post(room, ada, "To @ben")
    post(room, ada, "An answer", parent=his)
    shown = sidebar_of(ben)
    assert (shown.entries[room.pk].unread, shown.unread, shown.personal) == (unread, unread, personal)
    # The notifications exist anyway, so that the "new" line is in the right place.
    assert ben.notifications.filter(read_at=None).count() == 3


def test_a_starred_room_comes_first(as_ben: Client, room: Conversation, ben: User) -> None:
    RoomFactory.create(name="Anchor", by=ben)
    assert [entry.title for entry in sidebar_of(ben).rooms] == ["Anchor", "Harbour"]
    as_ben.post(place("conversation_settings", room.pk), {"notification_level": "all", "is_starred": "on"})
    assert [entry.title for entry in sidebar_of(ben).rooms] == ["Harbour", "Anchor"]
    assert Page(as_ben.get(place("conversation_settings", room.pk))).html.count("checked") == 2


def test_the_page_about_a_conversation_says_what_kind_it_is(
    as_ada: Client, room: Conversation, direct: Conversation
) -> None:
    for place_, kind in ((room, "room"), (direct, "conversation")):
        assert (
            f"{kind.capitalize()} settings<"
            in as_ada.get(place("conversation_settings", place_.pk)).content.decode()
        )
