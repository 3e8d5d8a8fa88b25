"""People: what they are called, and which versions a rename raises."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from messaging.models import Conversation, Installation, Message, Session, User
from messaging.models.rooms.members import add, leave
from tests.factories import UserFactory


def people_version() -> int:
    return Installation.objects.current().people_version


@pytest.mark.parametrize(
    ("changes", "options", "steps"),
    [
        ({"display_name": "Ada King"}, {}, 1),
        ({"username": "ada.king"}, {}, 1),
        ({"display_name": "Ada King"}, {"update_fields": ["display_name"]}, 1),
        ({"display_name": " Ada \n"}, {}, 0),
        ({"email": "ada@example.org", "is_active": False}, {}, 0),
        ({"display_name": "not saved"}, {"update_fields": ["email"]}, 0),
    ],
)
def test_the_people_version_moves_when_a_name_does(
    ada: User, changes: dict[str, Any], options: dict[str, Any], steps: int
) -> None:
    before = people_version()
    for field, value in changes.items():
        setattr(ada, field, value)
    ada.save(**options)
    assert people_version() == before + steps


def test_a_rename_by_an_instance_that_was_loaded_in_part_is_seen(ada: User) -> None:
    before = people_version()
    partly = User.objects.only("email").get(pk=ada.pk)
    partly.display_name = "Ada King"
    partly.save()
    assert User.objects.get(pk=ada.pk).name == "Ada King"
    assert people_version() == before + 1


def test_a_rename_that_fails_moves_nothing(ada: User, ben: User) -> None:
    before = people_version()
    ada.username = "ben"
    with pytest.raises(IntegrityError), transaction.atomic():
        ada.save()
    assert people_version() == before


def test_creating_a_person_does_not_raise_the_people_version_but_erasing_does(ada: User) -> None:
    before = people_version()
    UserFactory.create()
    assert people_version() == before
    ada.delete()
    assert people_version() == before + 1


def test_a_persons_own_version_moves_when_they_get_or_lose_a_place(ada: User, ben: User) -> None:
    def versions() -> list[int]:
        return list(User.objects.order_by("pk").values_list("version", flat=True))

    room = Conversation.objects.create_room("garden", by=ada)
    assert versions() == [1, 0]
    add(room, ben)
    assert versions() == [1, 1]
    leave(room, ben)
    assert versions() == [1, 2]
    Message.objects.create(sender=ada, receiver=ben, content="Hello")
    assert versions() == [2, 3]


@pytest.mark.parametrize("username", ["Ada", "ada lovelace", "ada@home", "ädä", "", "a" * 65, "ada\n"])
def test_a_username_is_plain(db: None, username: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        User(username=username, password="x").full_clean()
    assert list(refusal.value.message_dict) == ["username"]


def test_a_display_name_is_one_tidy_line_that_can_be_seen(ada: User) -> None:
    ada.display_name = " Ada\n\tKing\u202e "
    ada.save()
    assert User.objects.get(pk=ada.pk).name == "Ada King"
    ada.display_name = "x" * 81
    with pytest.raises(ValidationError):
        ada.save()
    ada.display_name = "  "
    ada.save()
    assert User.objects.get(pk=ada.pk).name == "ada"


@pytest.mark.parametrize(
    ("display_name", "initials"),
    [
        ("Ada Lovelace", "AL"),
        ("Ada", "AD"),
        ("Ada de Lovelace", "AL"),
        ("", "UN"),
        ("… !", "UN"),
        ("Ötzi", "ÖT"),
    ],
)
def test_initials_stand_for_a_person_without_a_picture(display_name: str, initials: str) -> None:
    assert User(username="undine", display_name=display_name).initials == initials


def test_a_rename_keeps_the_colour(ada: User) -> None:
    hue = ada.avatar_colour
    ada.username = ada.display_name = "somebody"
    ada.save()
    assert ada.avatar_colour == hue == User.objects.get(pk=ada.pk).avatar_colour
    assert hue in range(6)


def session_of(user: User) -> Session:
    client = Client()
    client.force_login(user)
    return Session.objects.get(session_key=client.session.session_key)


@pytest.mark.parametrize("options", [{}, {"update_fields": ["password"]}])
def test_a_new_password_ends_the_persons_sessions_and_no_others(
    ada: User, ben: User, options: dict[str, Any]
) -> None:
    session_of(ada)
    his = session_of(ben)
    ada.display_name = "Ada King"
    ada.save()
    assert Session.objects.count() == 2
    ada.set_password("four grey seals")
    ada.save(**options)
    assert list(Session.objects.all()) == [his]


def test_a_changed_email_address_cannot_reset_the_password(ada: User) -> None:
    ada.email = "old@example.org"
    ada.save()
    EmailAddress.objects.create(user=ada, email="old@example.org")
    ada.display_name = "Ada King"
    ada.save()
    assert EmailAddress.objects.exists()
    ada.email = "new@example.org"
    ada.save()
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize("words", ["ada", "ADA", "lovel", "Lövel", "lÖVEL", "a.l", "(", "%", "\\", "ö ("])
def test_people_are_found_by_a_part_of_their_name_as_it_is_written(db: None, words: str) -> None:
    ada = UserFactory.create(username="a.l", display_name="Ada Lövelace Lovelace %\\ö (")
    UserFactory.create(username="ben", display_name="Ben Okri")
    assert list(User.objects.all().called(words)) == [ada]


def test_people_are_listed_by_the_name_that_they_are_shown_by(db: None) -> None:
    for username, name in (("zed", "Ada"), ("carl", ""), ("ada", "dora"), ("x", "Ben")):
        UserFactory.create(username=username, display_name=name)
    assert [person.name for person in User.objects.all().by_name()] == ["Ada", "Ben", "carl", "dora"]
