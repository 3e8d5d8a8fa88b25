"""Roles, and who may manage whom."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import AuditEntry, Conversation, Installation, Message, Session, User
from messaging.models.accounts.locks import step_down
from messaging.models.accounts.moderation import ban, change_role, deactivate
from messaging.models.db.refusals import Refused
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
OWNER, ADMINISTRATOR, MEMBER, GUEST = User.Role


@pytest.fixture
def people() -> dict[str, User]:
    """One of each role, and a second member."""
    return {role: UserFactory.create(username=role, role=role) for role in User.Role} | {
        "other": UserFactory.create(username="other")
    }


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize(
    ("by", "about", "roles"),
    [
        (OWNER, ADMINISTRATOR, {OWNER, ADMINISTRATOR, MEMBER, GUEST}),
        (OWNER, MEMBER, {OWNER, ADMINISTRATOR, MEMBER, GUEST}),
        (OWNER, OWNER, set()),
        (ADMINISTRATOR, MEMBER, {MEMBER, GUEST}),
        (ADMINISTRATOR, GUEST, {MEMBER, GUEST}),
        (ADMINISTRATOR, OWNER, set()),
        (ADMINISTRATOR, ADMINISTRATOR, set()),
        (MEMBER, GUEST, set()),
        (GUEST, MEMBER, set()),
    ],
)
def test_who_may_give_which_role(people: dict[str, User], by: str, about: str, roles: set[str]) -> None:
    judge, person = people[by], people[about]
    for role in User.Role:
        answer = signed_in(judge).post(reverse("person_role", args=[person.pk]), {"role": role})
        assert (role, answer.status_code) == (role, 302 if role in roles else 404)
        assert (User.objects.get(pk=person.pk).role == role) is (role in roles or person.role == role)
        User.objects.filter(pk=person.pk).update(role=about)
        person.refresh_from_db()
        if role not in roles:
            with pytest.raises(Refused):
                change_role(person, role, by=judge)


def test_a_change_of_role_is_logged_and_shown(people: dict[str, User]) -> None:
    as_owner = signed_in(people[OWNER])
    place = reverse("person", args=[people["other"].pk])
    answer = as_owner.post(reverse("person_role", args=[people["other"].pk]), {"role": "administrator"})
    assert answer["Location"] == place
    assert "Role of Other: Administrator" in as_owner.get(place).content.decode()
    log = as_owner.get(reverse("audit_log")).content.decode()
    assert "Owner changed a role" in log
    assert "role: Member → Administrator" in log
    arabic = as_owner.get(reverse("audit_log"), headers={"accept-language": "ar"}).content.decode()
    assert "\u2068عضو\u2069 ← \u2068مدير\u2069" in arabic  # arrows are not mirrored with the line
    assert not User.objects.get(pk=people["other"].pk).is_superuser
    as_owner.post(reverse("person_role", args=[people["other"].pk]), {"role": "owner"})
    assert User.objects.get(pk=people["other"].pk).is_superuser


def test_the_only_owner_cannot_leave(people: dict[str, User]) -> None:
    owner = people[OWNER]
    second = UserFactory.create(role=OWNER)
    change_role(owner, MEMBER, by=second)
    with pytest.raises(Refused, match="no other owner"):
        step_down(second)
    assert User.objects.get(pk=second.pk).role == OWNER
    second.set_password("three grey seals")
    second.save()
    client = signed_in(second)
    answer = client.post(reverse("account_delete"), {"password": "three grey seals"})
    assert answer.status_code == 422
    assert "Make somebody else an owner first" in answer.content.decode()
    assert User.objects.filter(pk=second.pk).exists()
    change_role(people["other"], OWNER, by=second)
    assert client.post(reverse("account_delete"), {"password": "three grey seals"}).status_code == 302
    assert not User.objects.filter(pk=second.pk).exists()


def test_banned_person_is_signed_out_and_their_words_removed_if_wanted(people: dict[str, User]) -> None:
    other, as_admin = people["other"], signed_in(people[ADMINISTRATOR])
    room = Conversation.objects.create_room("quay", by=people[OWNER])
    add(room, other)
    post(room, other, "Rubbish")
    page, ban = (reverse(name, args=[other.pk]) for name in ("person", "person_ban"))
    assert ban in as_admin.get(page).content.decode()
    assert "remove their 1 message" in as_admin.get(ban).content.decode()
    theirs = signed_in(other)
    assert "was banned" in as_admin.post(ban, {"with_messages": "on"}, follow=True).content.decode()
    assert theirs.get(reverse("room_list")).status_code == 302
    assert not Message.rows.filter(sender=other, removed_at=None).exists()
    assert "banned" in as_admin.get(page).content.decode()
    assert ban not in as_admin.get(page).content.decode()
    assert as_admin.get(ban).status_code == 404
    as_admin.post(reverse("person_reactivate", args=[other.pk]))
    assert as_admin.post(ban).status_code == 302  # nothing is left to be asked about
    assert User.objects.get(pk=other.pk).banned_at


def test_banned_person_makes_no_other_account_with_their_address(people: dict[str, User]) -> None:
    Installation.objects.current()
    Installation.objects.update(sign_up=Installation.SignUp.OPEN)
    User.objects.filter(pk=people["other"].pk).update(email="other@sea.test")
    ban(people["other"], by=people[OWNER])
    form = {"username": "again", "email": "Other@sea.test", "password1": "four grey seals"}
    form["password2"] = form["password1"]
    answer = Client().post(reverse("account_signup"), form)
    assert "This address cannot be used here." in answer.content.decode()
    assert not User.objects.filter(username="again").exists()


def test_deactivated_person_is_signed_out_at_once_and_can_be_reactivated(people: dict[str, User]) -> None:
    other = people["other"]
    theirs, as_admin = signed_in(other), signed_in(people[ADMINISTRATOR])
    deactivate = reverse("person_deactivate", args=[other.pk])
    assert "signed out everywhere immediately" in as_admin.get(deactivate).content.decode()
    assert as_admin.post(deactivate).status_code == 302
    assert theirs.get(reverse("room_list")).status_code == 302
    assert not Session.objects.filter(user=other).exists()
    assert not User.objects.get(pk=other.pk).is_active
    assert as_admin.post(reverse("person_reactivate", args=[other.pk])).status_code == 302
    assert User.objects.get(pk=other.pk).is_active
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", "actor__username"))
    assert acts == [("deactivated", "administrator"), ("reactivated", "administrator")]


def test_a_guest_sees_only_their_rooms_and_the_people_in_them(people: dict[str, User]) -> None:
    guest, other, member = people[GUEST], people["other"], people[MEMBER]
    attic = Conversation.objects.create_room("attic", by=other, is_private=True)
    add(attic, guest)
    public = Conversation.objects.create_room("harbour", by=member)
    client = signed_in(guest)
    rooms = client.get(reverse("room_list")).content.decode()
    assert "attic" in rooms
    assert "harbour" not in rooms
    assert client.get(reverse("conversation", args=[attic.pk])).status_code == 200
    assert client.get(reverse("conversation", args=[public.pk])).status_code == 404
    assert client.post(reverse("conversation_join", args=[public.pk])).status_code == 404
    names = [element.text for element in Page(client.get(reverse("person_list"))).all("person")]
    assert len(names) == 2
    assert client.get(reverse("person", args=[other.pk])).status_code == 200
    assert client.get(reverse("person", args=[member.pk])).status_code == 404
    assert client.post(reverse("conversation_new"), {"people": [member.pk]}).status_code == 422
    assert client.post(reverse("conversation_new"), {"people": [other.pk]}).status_code == 302
    assert client.get(reverse("room_new")).status_code == 403
    assert client.post(reverse("room_new"), {"name": "x", "is_private": "public"}).status_code == 403
    adding = reverse("conversation_members", args=[attic.pk])
    assert client.post(adding, {"people": [member.pk]}).status_code == 404


def test_site_settings_are_saved_and_logged(people: dict[str, User]) -> None:
    client = signed_in(people[ADMINISTRATOR])
    place = reverse("site_settings")
    given = {"name": "Harbour", "sign_up": "open", "room_creators": "administrators"}
    given |= {
        "edit_minutes": "5",
        "room_mentioners": "members",
        "history_readers": "moderators",
        "backup_days": "30",
    }
    assert client.post(place, given)["Location"] == place
    assert "Harbour" in client.get(reverse("room_list")).content.decode()
    assert reverse("account_signup") in Page(Client().get(reverse("account_login"))).links
    entry = AuditEntry.objects.get()
    assert entry.details["sign_up"] == ["closed", "open"]
    assert entry.details["edit_minutes"] == [None, 5]
    assert entry.details["backup_days"] == [None, 30]
    assert client.get(reverse("room_new")).status_code == 200
    refused = signed_in(people[MEMBER]).get(reverse("room_new"))
    assert refused.status_code == 403
    assert "Ask an administrator" in refused.content.decode()
    answer = client.post(place, given | {"name": " "})
    assert answer.status_code == 422
    assert AuditEntry.objects.count() == 1


def test_the_audit_log_cannot_be_changed(people: dict[str, User]) -> None:
    deactivate(people["other"], by=people[OWNER])
    entry = AuditEntry.objects.get()
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(TypeError):
        AuditEntry.objects.update(act="set_up")
    people[OWNER].delete()
    people["other"].delete()
    log = signed_in(people[ADMINISTRATOR]).get(reverse("audit_log")).content.decode()
    assert "Deleted user deactivated an account" in log


def test_new_guest_stays_in_their_rooms_as_the_page_says(people: dict[str, User]) -> None:
    other, member, as_owner = people["other"], people[MEMBER], signed_in(people[OWNER])
    attic = Conversation.objects.create_room("attic", by=other, is_private=True)
    harbour, quay = (Conversation.objects.create_room(name, by=member) for name in ("harbour", "quay"))
    for room, person in ((harbour, other), (quay, other), (attic, member)):
        add(room, person)
    page = reverse("person", args=[other.pk])
    assert "3 rooms (2 public)" in as_owner.get(page).content.decode()
    as_owner.post(reverse("person_role", args=[other.pk]), {"role": "guest"})
    assert "public)" not in as_owner.get(page).content.decode()
    theirs = signed_in(other)
    assert set(other.conversations.all()) == {attic, harbour, quay}
    # Their room was handed over, and they can no longer archive it.
    assert theirs.post(reverse("room_archive", args=[attic.pk])).status_code == 404
    assert attic.memberships.get(user=member).role == "admin"
