"""A removed member cannot come back until somebody adds them. A person who left can join again."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Invitation, RoomBan, User
from messaging.models.rooms.members import add, join, leave, remove_member
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def take_out(client: Client, room: Conversation, person: User) -> None:
    answer = client.post(reverse("room_member", args=[room.pk, person.pk]), {"remove": ""})
    assert answer.status_code == 302


def test_banned_member_cannot_rejoin_by_the_room_or_by_a_link(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    square = RoomFactory.create(name="Square", by=ada, members=[ben])
    both = Invitation.objects.invite(ada, rooms=[room, square], uses=None)[1]
    shut = Invitation.objects.invite(ada, rooms=[room], uses=None)[1]
    for one in (room, square):
        take_out(as_ada, one, ben)
        assert as_ben.get(reverse("conversation", args=[one.pk])).status_code == 404
        assert as_ben.post(reverse("conversation_join", args=[one.pk])).status_code == 404
    assert "Square" not in as_ben.get(reverse("room_list")).content.decode()
    for token in (both, shut):
        link = reverse("invitation", args=[token])
        for answer in (as_ben.get(link), as_ben.post(link)):
            assert "does not add you" in answer.content.decode()
            assert "Harbour" not in answer.content.decode()
    assert not ben.conversations.exists()
    assert not Invitation.objects.filter(used__gt=0).exists()
    # After being added again by an administrator, they are members as before and can leave and rejoin.
    newcomer = UserFactory.create()
    for one in (room, square):
        people = [ben.pk, newcomer.pk]
        assert (
            as_ada.post(reverse("conversation_members", args=[one.pk]), {"people": people}).status_code == 302
        )
    assert not RoomBan.objects.exists()
    as_ben.post(reverse("conversation_leave", args=[square.pk]))
    assert as_ben.post(reverse("conversation_join", args=[square.pk])).status_code == 302
    assert set(ben.conversations.all()) == {room, square}


def test_removing_oneself_is_leaving_without_a_ban(as_ada: Client, room: Conversation, ada: User) -> None:
    square = RoomFactory.create(name="Square", by=ada)
    take_out(as_ada, square, ada)
    assert as_ada.post(reverse("conversation_join", args=[square.pk])).status_code == 302
    assert square.memberships.filter(user=ada).exists()


def test_member_banned_between_page_and_join_gets_404(
    as_ben: Client, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    square = RoomFactory.create(by=ada, members=[ben])
    leave(square, ben)

    def taken_out_first(room: Conversation, user: User) -> None:
        add(room, user)
        remove_member(room, user, by=ada)
        join(room, user)

    monkeypatch.setattr("messaging.views.rooms.members.join", taken_out_first)
    assert as_ben.post(reverse("conversation_join", args=[square.pk])).status_code == 404
    assert not ben.conversations.exists()
