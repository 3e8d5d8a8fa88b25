"""A room is looked after: its name, its people, how loud it is, archived, removed, and brought back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import AuditEntry, Conversation, Invitation, Membership, Message, User
from messaging.models.db.refusals import Refused
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, add_people
from messaging.models.rooms.settings import remove_room, rename, undo_room_removal
from tests.factories import RoomFactory, UserFactory
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
ADMIN, MODERATOR, MEMBER = Membership.Role.ADMIN, Membership.Role.MODERATOR, Membership.Role.MEMBER


def place(name: str, *args: int) -> str:
    return reverse(name, args=args)


def sidebar(client: Client) -> str:
    page = Page(client.get("/"))
    return next(one.text for one in page.elements if one.attributes.get("id") == "sidebar")


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


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
def test_a_name_that_cannot_be_is_refused_and_kept(
    as_ada: Client, room: Conversation, ada: User, name: str, reason: str
) -> None:
    Conversation.objects.create_room("Other", by=ada)
    answer = as_ada.post(place("room_rename", room.pk), {"name": name, "topic": "typed"})
    assert answer.status_code == 422
    page = Page(answer)
    assert (page.typed("name"), page.typed("topic")) == (name, "typed")
    assert reason in page.all("errors")[0].text
    assert Conversation.objects.get(pk=room.pk).name == "Harbour"


def test_only_its_administrators_look_after_it(
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


def test_an_administrator_of_the_site_looks_after_rooms_that_they_are_in(
    browser: Callable[..., Client], room: Conversation
) -> None:
    olga = UserFactory.create(role=User.Role.ADMINISTRATOR)
    assert browser(olga).post(place("room_archive", room.pk)).status_code == 404
    add(room, olga)
    assert browser(olga).post(place("room_archive", room.pk)).status_code == 302


def test_nobody_looks_after_a_group_or_a_direct_conversation(as_ada: Client, ada: User, ben: User) -> None:
    group = Conversation.objects.create_group(ada, [ben])
    for one in (group, Conversation.objects.direct(ada, ben)):
        assert as_ada.get(place("conversation_settings", one.pk)).status_code == 200
        assert as_ada.post(place("room_rename", one.pk), {"name": "Room"}).status_code == 404
        with pytest.raises(Refused):
            rename(one, "Room", "", by=ada)


def test_a_member_gets_a_role_hands_over_and_is_taken_out(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    theirs = place("room_member", room.pk, ben.pk)
    assert theirs in Page(as_ada.get(place("conversation_members", room.pk))).links
    assert as_ada.post(theirs, {"role": ADMIN}).status_code == 302
    assert as_ada.post(theirs, {"role": "emperor"}).status_code == 404
    assert room.memberships.get(user=ben).role == ADMIN
    # Handed over: who was the administrator goes back to being a member.
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
    assert "marked as read for everyone" in as_ada.get(place("conversation_settings", room.pk)).content.decode()
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
        assert Page(answer).typed() == "Too late"
        assert "archived" in Page(answer).all("errors")[0].text
    answer = as_ada.post(place("message_edit", message.pk), {"content": "Changed", "revision": 0})
    assert (answer.status_code, Page(answer).typed()) == (422, "Changed")
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
    assert acts() == ["archived", "restored"]


def test_a_removed_room_is_gone_for_everybody_and_can_be_had_back(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    post(room, ada, "Dear words")
    asked = as_ada.get(place("room_remove", room.pk)).content.decode()
    assert "1 message" in asked
    assert "2 members" in asked
    assert as_ada.post(place("room_remove", room.pk)).status_code == 302
    for client in (as_ada, as_ben):
        assert client.get(place("conversation", room.pk)).status_code == 404
        assert "Harbour" not in sidebar(client)
    assert "Harbour" in as_ada.get(place("removed_rooms")).content.decode()
    assert "Harbour" not in as_ben.get(place("removed_rooms")).content.decode()
    assert as_ben.post(place("room_undo_removal", room.pk)).status_code == 404
    assert as_ada.post(place("room_undo_removal", room.pk)).status_code == 302
    assert "Dear words" in as_ben.get(place("conversation", room.pk)).content.decode()
    assert dict(room.memberships.values_list("user", "role")) == {ada.pk: ADMIN, ben.pk: MEMBER}
    assert as_ada.post(place("room_undo_removal", room.pk)).status_code == 404
    assert acts() == ["removed_room", "brought_back"]


def test_a_removed_public_room_is_open_to_nobody(as_stranger: Client, ada: User) -> None:
    square = RoomFactory.create(name="Square", by=ada)
    assert as_stranger.get(place("conversation", square.pk)).status_code == 200
    remove_room(square, ada)
    assert as_stranger.get(place("conversation", square.pk)).status_code == 404
    assert as_stranger.post(place("conversation_join", square.pk)).status_code == 404
    assert "Square" not in as_stranger.get(place("room_list")).content.decode()


def test_an_owner_brings_back_what_another_removed_without_who_is_gone(
    browser: Callable[..., Client], room: Conversation, ada: User, ben: User
) -> None:
    owner = UserFactory.create(role=User.Role.OWNER)
    remove_room(room, ada)
    ada.delete()
    assert browser(owner).post(place("room_undo_removal", room.pk)).status_code == 302
    assert list(room.memberships.values_list("user", flat=True)) == [ben.pk]


def test_its_name_is_free_meanwhile_and_a_taken_one_is_told(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    remove_room(room, ada)
    other = Conversation.objects.create_room("harbour", by=ada)
    assert as_ada.post(place("room_undo_removal", room.pk)).status_code == 302
    assert "with this name" in as_ada.get(place("removed_rooms")).content.decode()
    assert not room.memberships.exists()
    rename(other, "Another", "", by=ada)
    as_ada.post(place("room_undo_removal", room.pk))
    assert room.memberships.exists()


@pytest.mark.parametrize(
    ("level", "unread", "personal"), [("all", 3, 2), ("mentions", 2, 2), ("muted", 0, 2)]
)
def test_the_level_decides_what_is_a_badge(
    as_ben: Client, room: Conversation, ada: User, ben: User, level: str, unread: int, personal: int
) -> None:
    his = post(room, ben, "Mine")
    assert as_ben.post(place("conversation_settings", room.pk), {"level": level}).status_code == 302
    post(room, ada, "To all")
    post(room, ada, "To @ben")
    post(room, ada, "An answer", parent=his)
    shown = sidebar_of(ben)
    assert (shown.entries[room.pk].unread, shown.unread, shown.personal) == (unread, unread, personal)
    # The rows are there all the same: the line in the timeline begins where it should.
    assert ben.notifications.filter(read_at=None).count() == 3


def test_a_starred_room_comes_first(as_ben: Client, room: Conversation, ben: User) -> None:
    RoomFactory.create(name="Anchor", by=ben)
    assert [entry.title for entry in sidebar_of(ben).rooms] == ["Anchor", "Harbour"]
    as_ben.post(place("conversation_settings", room.pk), {"level": "all", "is_starred": "on"})
    assert [entry.title for entry in sidebar_of(ben).rooms] == ["Harbour", "Anchor"]
    assert Page(as_ben.get(place("conversation_settings", room.pk))).html.count("checked") == 2


def test_after_thirty_days_it_is_deleted_for_good(as_ada: Client, room: Conversation, ada: User) -> None:
    root = post(room, ada, "Dear words")
    for number in range(3):
        post(room, ada, f"reply {number}", parent=root)
    kept = RoomFactory.create(name="Kept", by=ada)
    post(kept, ada, "Kept words")
    remove_room(room, ada)
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        call_command("tidy", verbosity=0)
        assert Conversation.objects.filter(pk=room.pk).exists()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        call_command("tidy", verbosity=0)
    assert not Conversation.objects.filter(pk=room.pk).exists()
    assert list(Message.rows.values_list("content", flat=True)) == ["Kept words"]


def test_into_a_removed_room_no_old_link_leads(room: Conversation, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    kept = RoomFactory.create(name="Kept", by=ada)
    invitation, _ = Invitation.objects.make(User.objects.get(pk=ada.pk), rooms=[room, kept], uses=None)
    remove_room(room, ada)
    mia = UserFactory.create(username="mia")
    assert invitation.add_to_rooms(mia) == [kept]
    assert not Conversation.objects.visible_to(mia).filter(pk=room.pk).exists()
    with pytest.raises(ValidationError):
        post(room, mia, "Anybody here?")
    with pytest.raises(Membership.DoesNotExist):
        add(room, mia)
    with pytest.raises(Refused):
        add_people(room, [mia], by=ada)


def test_who_had_a_link_meanwhile_does_not_keep_it_from_coming_back(
    room: Conversation, ada: User, ben: User
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    invitation, _ = Invitation.objects.make(User.objects.get(pk=ada.pk), rooms=[room], uses=None)
    remove_room(room, ada)
    invitation.add_to_rooms(ben)
    undo_room_removal(Conversation.objects.get(pk=room.pk), ada)
    assert set(room.memberships.values_list("user", flat=True)) == {ada.pk, ben.pk}


def test_the_page_about_a_conversation_says_what_kind_it_is(
    as_ada: Client, room: Conversation, direct: Conversation
) -> None:
    for place_, kind in ((room, "room"), (direct, "conversation")):
        assert f"{kind.capitalize()} settings<" in as_ada.get(place("conversation_settings", place_.pk)).content.decode()
