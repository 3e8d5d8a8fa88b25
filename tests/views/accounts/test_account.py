"""Exporting and deleting one's account."""

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Installation, User
from messaging.models.inbox.status import set_status
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from messaging.views.accounts import deletion
from tests.factories import UserFactory, stored_picture
from tests.queue import run_tasks

PASSWORD = "a long password"


@pytest.fixture
def adas(db: None) -> Client:
    ada = User.objects.create_user("ada", password=PASSWORD)
    ben = User.objects.create_user("ben")
    room = Conversation.objects.create_room("garden", by=ada)
    root = post(room, ada, "Roses")
    root.edit("Old roses")
    add(room, ben)
    post(room, ben, "Mine are new", parent=root)
    post(Conversation.objects.direct(ada, ben), ada, "Hello")
    client = Client()
    client.force_login(ada)
    return client


def test_the_page_lists_what_is_deleted_and_offers_the_export(adas: Client) -> None:
    page = adas.get(reverse("account_delete")).content.decode()
    assert "Messages: <b>2</b>" in page
    assert "Direct conversations: <b>1</b>" in page
    assert "Earlier versions of messages: <b>1</b>" in page
    assert "Rooms and groups that you are in: <b>1</b>" in page
    assert "Replies to you by other people in them: <b>1</b>" in page
    assert reverse("account_export") in page


def test_an_account_with_nothing_in_it_is_deleted_without_empty_lists(client: Client, db: None) -> None:
    nobody = UserFactory.create()
    nobody.set_password(PASSWORD)
    nobody.save()
    client.force_login(nobody)
    asked = client.get(reverse("account_delete")).content.decode()
    assert "With your account these are deleted" not in asked
    assert "list-disc" not in asked
    receipt = client.post(reverse("account_delete"), {"password": PASSWORD}, follow=True).content.decode()
    assert "Only the account itself" in receipt


@pytest.mark.parametrize("password", ["", "not this one"])
def test_without_the_right_password_nothing_is_deleted(adas: Client, password: str) -> None:
    answer = adas.post(reverse("account_delete"), {"password": password})
    assert answer.status_code == 422
    assert User.objects.filter(username="ada").exists()
    assert adas.get(reverse("conversation_list")).status_code == 200


def test_with_the_password_the_account_is_gone_and_its_person_signed_out(adas: Client) -> None:
    answer = adas.post(reverse("account_delete"), {"password": PASSWORD}, follow=True)
    receipt = answer.content.decode()
    assert "Your account was deleted" in receipt
    assert "Messages: <b>2</b>" in receipt
    assert "ada" not in receipt
    assert "Refresh" not in answer.headers
    assert not User.objects.filter(username="ada").exists()
    assert adas.get(reverse("conversation_list")).status_code == 302


def test_the_page_and_the_receipt_say_how_long_backups_are_kept(adas: Client) -> None:
    unknown = "Backups of this site that were made before can still contain what is deleted."
    assert unknown in adas.get(reverse("account_delete")).content.decode()
    Installation.objects.row().update(backup_days=30)
    known = "What is deleted stays in backups of this site for up to 30 days."
    assert known in adas.get(reverse("account_delete")).content.decode()
    answer = adas.post(reverse("account_delete"), {"password": PASSWORD}, follow=True)
    assert known in answer.content.decode()


def test_the_deletion_of_a_large_account_continues_after_the_response(
    adas: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "AT_ONCE_SECONDS", 0)
    answer = adas.post(reverse("account_delete"), {"password": PASSWORD}, follow=True)
    assert "Your account is being deleted" in answer.content.decode()
    assert answer["Refresh"] == "2"
    place = answer.redirect_chain[-1][0]
    back = adas.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    assert back["Location"] == reverse("account_inactive")
    run_tasks()
    assert "Your account was deleted" in adas.get(place).content.decode()


def test_an_invalid_passkey_deletes_nothing(adas: Client) -> None:
    for credential in ("", "{}", '{"id": 5}', "no json", "[]"):
        assert adas.post(reverse("account_delete"), {"credential": credential}).status_code == 422
    assert User.objects.filter(username="ada").exists()


def test_personal_data_can_be_exported(adas: Client) -> None:
    ada = User.objects.get(username="ada")
    ada.set_avatar(stored_picture())
    ada.time_zone = "Europe/Berlin"
    ada.save()
    set_status(ada, "At lunch")
    answer = adas.get(reverse("account_export"))
    assert "attachment" in answer["Content-Disposition"]
    taken = ZipFile(io.BytesIO(answer.getvalue()))
    assert taken.testzip() is None
    names = ["README.txt", "profile.json", "conversations.json", "messages.jsonl"]
    assert taken.namelist()[:-1] == names
    assert taken.read(taken.namelist()[-1]) == Path(ada.avatar.path).read_bytes()
    profile = json.loads(taken.read("profile.json"))
    assert (profile["username"], len(profile["browsers"])) == ("ada", 1)
    assert "password" not in profile
    assert profile["single_keys"] is True
    own = ("time_zone", "status", "status_until", "notification_level_of_new_rooms", "title_counts")
    assert [profile[name] for name in own] == ["Europe/Berlin", "At lunch", None, "all", "personal"]
    places = json.loads(taken.read("conversations.json"))
    assert [(place["conversation"], place["role"]) for place in places] == [
        ("garden", "admin"),
        ("direct", "member"),
    ]
    lines = [json.loads(line) for line in taken.read("messages.jsonl").splitlines()]
    assert [(line["text"], line["conversation"], line["to"]) for line in lines] == [
        ("Old roses", "garden", None),
        ("Hello", "direct", "ben"),
    ]
    assert [earlier["text"] for earlier in lines[0]["earlier_texts"]] == ["Roses"]


def test_an_anonymous_visitor_is_sent_to_sign_in(db: None) -> None:
    for name in ("account_delete", "account_export"):
        assert Client().get(reverse(name))["Location"].startswith(reverse("account_login"))
