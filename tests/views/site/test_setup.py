"""The first visit to an installation without any account."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.http.middleware import SetUpMiddleware
from messaging.models import AuditEntry, Conversation, Installation, User
from tests.factories import RoomFactory, UserFactory
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
GIVEN = {
    "site_name": "Harbour",
    "username": "Ada",
    "display_name": "Ada King",
    "password1": "three grey seals",
    "password2": "three grey seals",
}


@pytest.fixture(autouse=True)
def nobody_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SetUpMiddleware, "is_set_up", False)


def link() -> str:
    return reverse("set_up", args=[Installation.objects.new_setup_link()])


def test_before_setup_every_other_page_is_a_503(client: Client) -> None:
    for place in ("/", "/account/login/", "/admin/", "/rooms/", "/invitations/no/", "/viewers/1.css"):
        answer = client.get(place)
        assert (place, answer.status_code) == (place, 503)
        assert "manage.py setup_link" in answer.content.decode()
    assert client.post("/account/login/", {}).status_code == 503


def test_the_link_makes_an_owner_who_is_signed_in_and_names_the_site(client: Client) -> None:
    place = link()
    assert Page(client.get(place)).all("field")
    answer = client.post(place, GIVEN)
    room = Conversation.objects.get()
    assert answer["Location"] == reverse("conversation", args=[room.pk])
    owner = User.objects.get()
    assert (owner.username, owner.name, owner.role, owner.is_superuser) == ("ada", "Ada King", "owner", True)
    assert (room.name, room.is_private, list(room.members.all())) == ("general", False, [owner])
    assert room.memberships.get().role == "admin"
    landed = Page(client.get(answer["Location"]))
    assert "# general" in landed.html
    assert "Message #general" in landed.html
    assert Installation.objects.current().name == "Harbour"
    assert AuditEntry.objects.get().act == "set_up"


def test_a_room_that_is_left_of_deleted_people_does_not_stop_the_setup(client: Client) -> None:
    RoomFactory.create(name="General")
    User.objects.all().delete()
    answer = client.post(link(), GIVEN)
    assert answer["Location"] == reverse("room_list")
    assert "General" in client.get(answer["Location"]).content.decode()
    assert User.objects.get().username == "ada"


def test_only_the_newest_link_works_and_only_once(client: Client) -> None:
    old, new = link(), link()
    assert client.post(old, GIVEN).status_code == 404
    assert client.post(new, GIVEN).status_code == 302
    assert Client().get(new).status_code == 404
    assert Client().post(new, GIVEN | {"username": "eve"}).status_code == 404
    assert User.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong(client: Client) -> None:
    place = link()
    answer = client.post(place, GIVEN | {"password2": "another"})
    assert answer.status_code == 422
    assert 'value="Harbour"' in answer.content.decode()
    assert not User.objects.exists()
    assert not Conversation.objects.exists()
    assert client.post(place, GIVEN).status_code == 302
    assert Conversation.objects.count() == 1


def test_when_accounts_exist_links_are_invalid_and_none_are_made(client: Client) -> None:
    place = link()
    UserFactory.create()
    assert client.get(place).status_code == 404
    said = StringIO()
    call_command("setup_link", stdout=said)
    assert "already set up" in said.getvalue()
    call_command("setup_link", verbosity=0, stdout=(silent := StringIO()))
    assert silent.getvalue() == ""


def test_the_command_prints_the_link(client: Client) -> None:
    said = StringIO()
    call_command("setup_link", reached_at="https://chat.example.org", stdout=said)
    address = next(line.strip() for line in said.getvalue().splitlines() if "https://" in line)
    place = address.removeprefix("https://chat.example.org")
    assert client.post(place, GIVEN).status_code == 302


def test_the_command_is_named_as_people_here_type_it(client: Client, settings: Settings) -> None:
    settings.MANAGE = "parley-manage"
    assert "<code>parley-manage setup_link</code>" in client.get("/").content.decode()
    call_command("setup_link", stdout=(said := StringIO()))
    assert "To get a new one, run: parley-manage setup_link" in said.getvalue()


def test_the_command_says_that_the_tables_are_not_made_yet() -> None:
    def without_tables(*args: object) -> None:
        raise OperationalError("no such table: messaging_user\n")

    with (
        connection.execute_wrapper(without_tables),
        pytest.raises(CommandError, match=r"not ready \(no such table: messaging_user\)\. .+ try again"),
    ):
        call_command("setup_link")


def test_createsuperuser_sets_the_site_up_too(client: Client) -> None:
    assert client.get("/account/login/").status_code == 503
    User.objects.create_superuser("root", password="three grey seals")
    assert User.objects.get().role == "owner"
    assert client.get("/account/login/").status_code == 200
