"""Invitations: made by administrators, valid as long and as often as configured, leading to their rooms."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import AuditEntry, Conversation, Invitation, User
from messaging.models.accounts.moderation import change_role
from messaging.models.rooms.members import add, leave
from messaging.models.rooms.settings import archive
from tests.factories import UserFactory
from tests.views.page import Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = reverse("invitation_list")
PASSWORD = "three grey seals"


@pytest.fixture
def olga() -> User:
    return UserFactory.create(username="olga", role=User.Role.OWNER)


@pytest.fixture
def as_olga(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def made(client: Client, **fields: object) -> str:
    """Where a new invitation's link leads."""
    given = {"role": "member", "uses": "1", "days": "7"} | fields
    answer = client.post(PLACE, given, follow=True)
    found = re.search(r'value="http://testserver(/invitations/[^"]+)"', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def sign_up_by(link: str, username: str, client: Client | None = None) -> Answer:
    given = {"username": username, "password1": PASSWORD, "password2": PASSWORD}
    return (client or Client()).post(link, given)


def assert_over(link: str) -> None:
    for answer in (Client().get(link), sign_up_by(link, "late")):
        assert answer.status_code == 404
        assert "no longer valid" in answer.content.decode()
    assert not User.objects.filter(username="late").exists()


def test_new_account_by_invitation_is_signed_in_and_in_its_rooms(as_olga: Client, olga: User) -> None:
    room = Conversation.objects.create_room("attic", by=olga, is_private=True)
    link = made(as_olga, rooms=[room.pk], role="guest")
    newcomer = Client()
    page = Page(newcomer.get(link))
    assert "<bdi>Olga</bdi> invites you to Parley" in page.html
    answer = sign_up_by(link, "Gil", newcomer)
    assert answer["Location"] == reverse("conversation", args=[room.pk])
    gil = User.objects.get(username="gil")
    assert (gil.role, gil.is_staff) == ("guest", False)
    assert newcomer.get(answer["Location"]).status_code == 200
    assert_over(link)


def test_the_link_is_shown_once_and_not_kept(as_olga: Client) -> None:
    link = made(as_olga)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in as_olga.get(PLACE).content.decode()
    assert Invitation.objects.get().token_hash != token


def test_an_invitation_is_valid_as_often_as_configured(as_olga: Client) -> None:
    link = made(as_olga, uses="10")
    for number in range(10):
        assert sign_up_by(link, f"person-{number}").status_code == 302
    assert_over(link)
    many = made(as_olga, uses="0", days="0")
    assert sign_up_by(many, "one-more").status_code == 302
    assert "1 joined" in as_olga.get(PLACE).content.decode()


def test_a_refused_form_uses_nothing_up(as_olga: Client) -> None:
    link = made(as_olga)
    assert sign_up_by(link, "not a name").status_code == 422
    assert sign_up_by(link, "olga").status_code == 422
    assert sign_up_by(link, "gil").status_code == 302


def test_an_invitation_ends_when_it_expires_is_revoked_or_its_maker_loses_the_right(
    as_olga: Client, olga: User
) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        link = made(as_olga)
    assert_over(link)
    link = made(as_olga)
    invitation = Invitation.objects.open().get()
    revoke = reverse("invitation_revoke", args=[invitation.pk])
    assert "Revoke" in as_olga.get(revoke).content.decode()
    assert as_olga.post(revoke)["Location"] == PLACE
    assert_over(link)
    assert as_olga.post(revoke).status_code == 404
    assert [entry.act for entry in AuditEntry.objects.order_by("pk")] == ["invited", "invited", "revoked"]
    link = made(as_olga)
    User.objects.filter(pk=olga.pk).update(role="member")
    assert_over(link)


def test_only_owners_invite_administrators(as_olga: Client) -> None:
    admin = UserFactory.create(role=User.Role.ADMINISTRATOR)
    as_admin = Client()
    as_admin.force_login(admin)
    answer = as_admin.post(PLACE, {"role": "administrator", "uses": "1", "days": "7"})
    assert answer.status_code == 422
    assert sign_up_by(made(as_olga, role="administrator"), "boss").status_code == 302
    assert User.objects.get(username="boss").is_administrator


def test_existing_member_joins_the_rooms_of_an_invitation_after_confirming(
    as_olga: Client, olga: User
) -> None:
    room = Conversation.objects.create_room("attic", by=olga, is_private=True)
    link = made(as_olga, rooms=[room.pk])
    ben = UserFactory.create(username="ben")
    as_ben = Client()
    as_ben.force_login(ben)
    assert "# attic" in as_ben.get(link).content.decode()
    assert not ben.conversations.exists()
    assert as_ben.post(link)["Location"] == reverse("conversation", args=[room.pk])
    assert ben.conversations.get() == room
    assert_over(link)


def chosen(client: Client, query: str = "") -> list[str]:
    """The rooms that the form has chosen already."""
    rooms = [one for one in Page(client.get(PLACE + query)).elements if one.attributes.get("name") == "rooms"]
    return [one.attributes["value"] for one in rooms if "checked" in one.attributes]


def test_an_invitation_leads_to_the_first_room_unless_another_is_meant(as_olga: Client, olga: User) -> None:
    assert chosen(as_olga) == []
    attic = Conversation.objects.create_room("attic", by=olga, is_private=True)
    assert chosen(as_olga) == []  # nobody is let into a private room by chance
    old, general, quay = (Conversation.objects.create_room(name, by=olga) for name in ("old", "general", "b"))
    archive(old, by=olga)
    hidden = Conversation.objects.create_room("hidden", by=UserFactory.create(), is_private=True)
    assert chosen(as_olga) == [str(general.pk)]
    assert chosen(as_olga, f"?room={quay.pk}") == [str(quay.pk)]
    assert chosen(as_olga, f"?room={attic.pk}") == [str(attic.pk)]
    for other in (hidden.pk, 0, "x", "9" * 30, olga.pk + 10_000):
        assert chosen(as_olga, f"?room={other}") == [str(general.pk)]


def test_who_is_in_the_rooms_already_is_led_there_and_uses_nothing_up(as_olga: Client, olga: User) -> None:
    """For example somebody who opens the link again on the phone."""
    quay = Conversation.objects.create_room("quay", by=olga)
    attic = Conversation.objects.create_room("attic", by=olga, is_private=True)  # the first by name
    link = made(as_olga, rooms=[attic.pk, quay.pk], uses="0")
    gil = Client()
    there = reverse("conversation", args=[attic.pk])
    assert sign_up_by(link, "gil", gil)["Location"] == there
    assert [gil.get(link)["Location"], gil.post(link)["Location"], as_olga.get(link)["Location"]] == [
        there
    ] * 3
    assert Invitation.objects.get().used == 1
    leave(attic, User.objects.get(username="gil"))
    assert "# attic" in gil.get(link).content.decode()


@pytest.mark.parametrize("role", list(User.Role))
def test_only_administrators_have_inviting_in_the_sidebar(client: Client, role: str) -> None:
    person = UserFactory.create()
    client.force_login(person)
    assert PLACE not in Page(client.get("/")).links
    User.objects.filter(pk=person.pk).update(role=role)  # the same browser, with warm caches
    assert (PLACE in Page(client.get("/")).links) == (role in User.ADMINISTRATORS)


def test_members_neither_see_nor_make_invitations(client: Client) -> None:
    client.force_login(UserFactory.create())
    assert client.get(PLACE).status_code == 404
    assert client.post(PLACE, {"role": "member"}).status_code == 404
    assert PLACE not in Page(client.get(reverse("person_list"))).links


def test_invitation_gives_no_role_that_its_maker_cannot_give_today(db: None) -> None:
    first, other = (UserFactory.create(role=User.Role.OWNER) for _ in range(2))
    _, administrators = Invitation.objects.invite(first, role=User.Role.ADMINISTRATOR, uses=None, days=None)
    _, members = Invitation.objects.invite(first, role=User.Role.MEMBER, uses=None)
    change_role(first, User.Role.ADMINISTRATOR, by=other)
    assert Invitation.objects.by_token(administrators) is None
    assert Invitation.objects.by_token(members)


def test_invitation_leads_only_to_rooms_where_its_maker_may_add_people(as_olga: Client, olga: User) -> None:
    keeper = UserFactory.create()
    hers, theirs, square = (
        Conversation.objects.create_room(name, by=maker, is_private=name != "square")
        for name, maker in (("attic", olga), ("vault", keeper), ("square", keeper))
    )
    for room in (theirs, square):
        add(room, olga)
    offered = as_olga.get(PLACE).content.decode()
    assert [name for name in ("attic", "vault", "square") if f"# {name}" in offered] == ["attic", "square"]
    given = {"role": "member", "uses": "0", "days": "7"}
    assert as_olga.post(PLACE, {**given, "rooms": [theirs.pk]}).status_code == 422
    invitation, _ = Invitation.objects.invite(olga, rooms=[hers, theirs, square], uses=None)
    assert set(invitation.rooms.all()) == {hers, square}
    leave(hers, olga)
    link = made(as_olga, uses="0", rooms=[square.pk])
    leave(square, olga)
    gil = UserFactory.create()
    assert invitation.add_to_rooms(gil) == []
    as_gil = Client()
    as_gil.force_login(gil)
    assert "does not add you" in as_gil.get(link).content.decode()
    assert "does not add you" in as_gil.post(link).content.decode()
    assert not gil.conversations.exists()
    assert not Invitation.objects.filter(used__gt=0).exists()  # it led nowhere, so nothing is used up
