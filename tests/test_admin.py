"""The administrator's page of a person: what can be changed there, and what not."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from messaging.models import User
from tests.factories import UserFactory, stored_picture

pytestmark = pytest.mark.django_db
LIST = "admin:messaging_user_changelist"


@pytest.fixture
def ada() -> User:
    ada = UserFactory.create(username="ada")
    ada.set_avatar(stored_picture())
    ada.save()
    return ada


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory.create(username="root", is_staff=True, is_superuser=True))
    return client


def test_the_admin_changes_a_persons_fields_but_not_the_picture(admin: Client, ada: User) -> None:
    page = admin.get(reverse("admin:messaging_user_change", args=[ada.pk]))
    fields = page.context["adminform"].form.fields
    assert {"display_name", "email", "theme"} <= set(fields)
    assert not {"avatar", "version", "last_seen_at", "external_id"} & set(fields)


def test_the_admin_does_not_change_roles_and_rights(admin: Client, ada: User) -> None:
    rights = {"role": "owner", "is_active": "", "is_staff": "on", "is_superuser": "on", "groups": "1"}
    page = reverse("admin:messaging_user_change", args=[ada.pk])
    answer = admin.post(page, {"username": "ada", "theme": "dark", **rights})
    assert answer.status_code == 302
    ada.refresh_from_db()
    assert (ada.theme, ada.role, ada.is_active, ada.is_staff, ada.is_superuser) == (
        User.Theme.DARK,
        User.Role.MEMBER,
        True,
        False,
        False,
    )


def test_nobody_deletes_themselves_in_the_admin(admin: Client) -> None:
    owner = User.objects.get(username="root")
    for place, chosen in (
        (reverse("admin:messaging_user_delete", args=[owner.pk]), {}),
        (reverse(LIST), {"action": "delete_selected", "_selected_action": [owner.pk]}),
    ):
        answer = admin.post(place, {**chosen, "post": "yes"})
        assert "in your settings" in answer.content.decode()
        assert User.objects.filter(pk=owner.pk).exists()


@pytest.mark.parametrize("role", ["administrator", "member", "guest"])
def test_only_owners_can_open_the_admin(client: Client, role: str) -> None:
    client.force_login(UserFactory.create(role=role))
    assert client.get(reverse(LIST)).status_code == 302


def test_the_admin_can_remove_pictures_and_that_is_logged(admin: Client, ada: User) -> None:
    chosen = {"action": "remove_pictures", "_selected_action": [ada.pk]}
    assert admin.post(reverse(LIST), chosen).status_code == 302
    ada.refresh_from_db()
    assert not ada.avatar
    assert LogEntry.objects.get().get_change_message() == "Removed the picture."


def test_the_admin_can_create_a_person(admin: Client) -> None:
    fields = {
        "username": "ben",
        "usable_password": "true",
        "password1": "three grey seals",
        "password2": "three grey seals",
    }
    assert admin.post(reverse("admin:messaging_user_add"), fields).status_code == 302
    assert User.objects.get(username="ben").theme == User.Theme.SYSTEM
