"""Whom somebody is offered behind an @, and in which order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from messaging.models import Conversation, User
from messaging.models.inbox import mentionable as module
from messaging.models.inbox.destinations import Shown
from messaging.models.inbox.mentionable import mentionable
from messaging.models.messages.removal import remove
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, remove_member
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
Names = Callable[..., list[str]]


def person(username: str, name: str = "", **fields: object) -> User:
    return UserFactory.create(username=username, display_name=name or username.capitalize(), **fields)


@pytest.fixture
def ada() -> User:
    return person("ada")


@pytest.fixture
def room(ada: User) -> Conversation:
    return RoomFactory.create(by=ada)


@pytest.fixture
def names(ada: User, room: Conversation) -> Names:
    """Whom Ada is offered in the room: `names("be")`."""

    def names(typed: str = "", thread: int | None = None, reader: User = ada) -> list[str]:
        found = mentionable(reader, room, thread, typed)
        return [one.shown.username for one in found.people]

    return names


def join(room: Conversation, *usernames: str) -> list[User]:
    people = [person(name) for name in usernames]
    for one in people:
        add(room, one)
    return people


def test_members_come_before_oneself_and_oneself_before_people_outside(
    room: Conversation, names: Names
) -> None:
    person("bo")
    join(room, "benjamin")
    assert names() == ["benjamin", "ada", "bo"]


def test_who_wrote_in_the_thread_comes_first_then_who_talked_last_then_the_shorter_name(
    ada: User, room: Conversation, names: Names
) -> None:
    join(room, "elizabeth", "ezra", "elsa")
    eve, elias, emilia, edward = join(room, "eve", "elias", "emilia", "edward")
    root = post(room, edward, "A thread")
    post(room, emilia, "In it", parent=root)
    post(room, elias, "Earlier")
    post(Conversation.objects.direct(ada, eve), eve, "In private, and latest")
    silent = ["elsa", "ezra", "elizabeth", "ada"]
    assert names(thread=root.pk) == ["emilia", "edward", "eve", "elias", *silent]
    assert names() == ["eve", "elias", "emilia", "edward", *silent]


def test_what_is_typed_in_full_comes_before_what_begins_so_and_that_before_what_is_inside(
    room: Conversation, names: Names
) -> None:
    joanne, anna, ann = join(room, "joanne", "anna", "ann")
    maria = person("maria", "Maria Annabel")
    add(room, maria)
    for one in (ann, anna, maria, joanne):
        post(room, one, "The later, the nearer")
    assert names("ann") == ["ann", "maria", "anna", "joanne"]
    assert names("ANN") == names("ann")
    assert names("anx") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        *[("jer", True), ("JÉR", True), ("quay", True), ("o-q", True), ("łodz", True), ("lod", True)],
        *[("jq", False), ("jérx", False), ("%", False), ("_", False)],
    ],
)
def test_names_match_without_case_and_accents_and_by_each_part(
    room: Conversation, names: Names, typed: str, found: bool
) -> None:
    add(room, person("jo-quay", "Jérôme Łódź"))
    assert names(typed) == (["jo-quay"] if found else [])


def test_a_direct_conversation_offers_nobody_else(ada: User) -> None:
    ben = person("ben")
    person("bea")
    found = mentionable(ada, Conversation.objects.direct(ada, ben), None, "be")
    assert [one.shown.username for one in found.people] == ["ben"]


def test_deactivated_people_are_not_offered_and_former_members_are_outside(
    ada: User, room: Conversation, names: Names
) -> None:
    ben, bea = join(room, "ben", "bea")
    User.objects.filter(pk=bea.pk).update(is_active=False)
    remove_member(room, ben, by=ada)
    [found] = mentionable(ada, room, None, "be").people
    assert (found.shown.username, found.is_member) == ("ben", False)


def test_a_guest_is_offered_only_people_with_whom_they_share_a_conversation(
    room: Conversation, names: Names
) -> None:
    guest = person("guest", role=User.Role.GUEST)
    add(room, guest)
    person("stranger")
    assert names(reader=guest) == ["ada", "guest"]
    assert names("str", reader=guest) == []


def test_who_wrote_a_removed_message_is_not_told_by_the_order(room: Conversation, names: Names) -> None:
    bob, benedict, _ = join(room, "bob", "benedict", "bea")
    root = post(room, bob, "A thread")
    remove(post(room, benedict, "Gone", parent=root), by=benedict)
    assert names(thread=root.pk)[:3] == ["bob", "bea", "benedict"]


def test_the_page_gets_the_nearest_and_is_told_that_there_are_more(
    monkeypatch: pytest.MonkeyPatch, ada: User, room: Conversation
) -> None:
    monkeypatch.setattr(module, "IN_PAGE", 3)
    monkeypatch.setattr(module, "ANSWERED", 2)
    people = join(room, "eli", "elo", "elu")
    post(room, people[2], "Near")
    found = mentionable(ada, room, None)
    assert [one.shown.username for one in found.people] == ["elu", "eli", "elo"]
    assert found.has_more
    assert mentionable(ada, room, None, "el").has_more
    assert not mentionable(ada, room, None, "elu").has_more


def test_many_people_cost_no_more_queries_than_few(
    django_assert_num_queries: Any, ada: User, room: Conversation
) -> None:
    ada.refresh_from_db()
    for count in (2, 30):
        for one in join(room, *(f"e{count}x{number}" for number in range(count))):
            post(room, one, "Hello")
        root = post(room, ada, f"Thread {timezone.now() + timedelta(days=count)}")
        with django_assert_num_queries(6):
            assert len(mentionable(ada, room, root.pk).people) > count


def test_what_is_shown_of_a_person_is_what_their_row_says(ada: User) -> None:
    for one in (
        ada,
        person("jo", "Jo de la Rue", avatar="avatars/x.webp"),
        UserFactory.create(display_name=""),
    ):
        shown = Shown(one.pk, one.username, one.display_name, one.avatar.name or "")
        for name in ("name", "initials", "avatar_colour", "avatar_name"):
            assert getattr(shown, name) == getattr(one, name)
