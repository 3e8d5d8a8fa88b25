"""A person's own sections of the sidebar, and what stands in them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.models import Conversation, Message, User
from messaging.models.db.refusals import Gone
from messaging.models.inbox.sections import (
    MOST_SECTIONS,
    arrange,
    create_section,
    delete_section,
    fold_section,
    move_section,
    rename_section,
    sections_of,
)
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from tests.factories import RoomFactory, UserFactory

pytestmark = pytest.mark.django_db
Shown = list[tuple[str, list[str]]]


def shown(user: User) -> Shown:
    """The sidebar: each section's key, with the titles of its conversations."""
    sections = sidebar_of(User.objects.get(pk=user.pk)).sections
    return [(section.key, [entry.title for entry in section.entries]) for section in sections]


def names(user: User) -> list[str]:
    return [section.name for section in sections_of(User.objects.get(pk=user.pk))]


@pytest.fixture
def rooms(ada: User) -> dict[str, Conversation]:
    return {name: RoomFactory.create(name=name, by=ada) for name in ("team 10", "team 2", "Garden")}


def test_without_sections_there_are_rooms_in_natural_order_and_people_the_latest_first(
    ada: User, ben: User, cleo: User, rooms: dict[str, Conversation]
) -> None:
    for person in (ben, cleo):
        Message.objects.create(sender=person, receiver=ada, content="Hello")
    assert shown(ada) == [("rooms", ["Garden", "team 2", "team 10"]), ("people", ["Cleo", "Ben"])]


def test_starred_ones_are_on_top_own_sections_follow_and_muted_ones_are_last(
    ada: User, ben: User, rooms: dict[str, Conversation]
) -> None:
    direct = Message.objects.create(sender=ben, receiver=ada, content="Hello").conversation
    work = create_section(ada, "Work")
    create_section(ada, "Empty")
    arrange(ada, rooms["team 2"], section=work.pk)
    arrange(ada, direct, section=work.pk)
    arrange(ada, rooms["team 10"], is_starred=True)
    arrange(ada, rooms["Garden"], notification_level="muted")
    RoomFactory.create(name="Zoo", by=ada)
    assert shown(ada) == [
        ("starred", ["team 10"]),
        ("1", ["team 2", "Ben"]),
        ("2", []),
        ("rooms", ["Zoo", "Garden"]),
        ("people", []),
    ]
    arrange(ada, rooms["team 2"], notification_level="muted")
    assert shown(ada)[1] == ("1", ["Ben", "team 2"])


def test_sections_are_renamed_moved_and_deleted(ada: User, rooms: dict[str, Conversation]) -> None:
    one, two, three = (create_section(ada, name) for name in ("One", "Two", "Three"))
    rename_section(ada, two.pk, "  Second  ")
    move_section(ada, three.pk, -1)
    move_section(ada, one.pk, -1)
    assert names(ada) == ["One", "Three", "Second"]
    arrange(ada, rooms["Garden"], section=three.pk)
    fold_section(ada, three.key, is_folded=True)
    delete_section(ada, three.pk)
    delete_section(ada, three.pk)
    assert names(ada) == ["One", "Second"]
    assert ("rooms", ["Garden", "team 2", "team 10"]) in shown(ada)
    ada.refresh_from_db()
    assert ada.folded_sections == []
    another = create_section(ada, "Another")
    assert shown(ada)[2] == (another.key, [])  # whatever id it has, nothing is in it


@pytest.mark.parametrize("act", [rename_section, move_section], ids=lambda act: act.__name__)
def test_a_section_that_is_gone_cannot_be_changed(ada: User, act: object) -> None:
    with pytest.raises(Gone):
        rename_section(ada, 7, "Seven") if act is rename_section else move_section(ada, 7, 1)
    assert names(ada) == []


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 41])
def test_a_section_needs_a_name_that_can_be_seen(ada: User, name: str) -> None:
    with pytest.raises(ValidationError):
        create_section(ada, name)
    section = create_section(ada, "x" * 40)
    with pytest.raises(ValidationError):
        rename_section(ada, section.pk, name)
    assert names(ada) == ["x" * 40]


def test_there_are_not_more_sections_than_can_be_shown(ada: User) -> None:
    for number in range(MOST_SECTIONS):
        create_section(ada, f"Section {number}")
    with pytest.raises(ValidationError):
        create_section(ada, "One more")
    assert len(names(ada)) == MOST_SECTIONS


def test_only_sections_that_exist_can_be_folded_or_used(ada: User, ben: User, room: Conversation) -> None:
    section = create_section(ben, "Ben's")
    for key in ("rooms", "people", section.key, "nonsense", ""):
        fold_section(ada, key, is_folded=True)
    ada.refresh_from_db()
    assert ada.folded_sections == ["people", "rooms"]
    fold_section(ada, "rooms", is_folded=False)
    fold_section(ada, "rooms", is_folded=False)
    assert [section.key for section in sidebar_of(ada).sections if section.is_folded] == ["people"]
    arrange(ada, room, section=section.pk)
    assert ada.memberships.get().section == 0
    with pytest.raises(Gone):
        arrange(UserFactory.create(), room, is_starred=True)


def test_a_hidden_conversation_is_left_out_until_something_new_is_said(ada: User, ben: User) -> None:
    direct = Message.objects.create(sender=ada, receiver=ben, content="Hello").conversation

    def people(current: int | None = None) -> list[tuple[str, bool]]:
        found = sidebar_of(ada, current).sections[-1].entries
        return [(entry.title, entry.is_out) for entry in found]

    direct.refresh_from_db()
    arrange(ada, direct, hidden_at=direct.last_message_at)
    assert people() == []
    assert people(direct.pk) == [("Ben", True)]  # while it is open
    assert [entry.title for entry in sidebar_of(ben).direct_and_groups] == ["Ada"]
    direct.refresh_from_db()
    post(direct, ada, "I had forgotten this")
    assert people() == [("Ben", False)]


def test_a_hidden_conversation_in_which_something_is_unread_is_shown(ada: User, ben: User) -> None:
    message = Message.objects.create(sender=ben, receiver=ada, content="Hello")
    arrange(ada, message.conversation, hidden_at=timezone.now() + timedelta(minutes=1))
    assert [entry.title for entry in sidebar_of(ada).direct_and_groups] == ["Ben"]
    Message.unread_messages.mark_as_read_for_user(ada)
    assert sidebar_of(ada).direct_and_groups == []
    Message.unread_messages.mark_as_unread_for_user(ada, [message.pk])
    assert [entry.title for entry in sidebar_of(ada).direct_and_groups] == ["Ben"]


def test_sections_cost_no_query(ada: User, rooms: dict[str, Conversation]) -> None:
    for name in "ABC":
        section = create_section(ada, name)
    arrange(ada, rooms["Garden"], section=section.pk)
    reader = User.objects.get(pk=ada.pk)
    with CaptureQueriesContext(connection) as asked:
        assert [len(section.entries) for section in sidebar_of(reader).sections] == [0, 0, 1, 2, 0]
    assert len(asked) == 1


def test_the_key_of_the_cache_changes_with_every_change(
    ada: User, ben: User, rooms: dict[str, Conversation]
) -> None:
    direct = Message.objects.create(sender=ada, receiver=ben, content="Hello").conversation
    changes = [
        lambda: create_section(ada, "Work"),
        lambda: rename_section(ada, 1, "Home"),
        lambda: create_section(ada, "Other"),
        lambda: move_section(ada, 2, -1),
        lambda: fold_section(ada, "1", is_folded=True),
        lambda: fold_section(ada, "rooms", is_folded=True),
        lambda: arrange(ada, rooms["Garden"], section=1),
        lambda: arrange(ada, rooms["Garden"], is_starred=True),
        lambda: arrange(ada, rooms["Garden"], notification_level="muted"),
        lambda: arrange(ada, direct, hidden_at=timezone.now()),
        lambda: delete_section(ada, 1),
    ]
    states = [sidebar_of(User.objects.get(pk=ada.pk)).state]
    for change in changes:
        change()
        states.append(sidebar_of(User.objects.get(pk=ada.pk)).state)
    assert len(set(states)) == len(states)


def test_red_is_only_what_is_for_the_reader(ada: User, ben: User, room: Conversation) -> None:
    def for_me() -> list[tuple[str, int, bool]]:
        entries = sidebar_of(User.objects.get(pk=ben.pk)).in_order
        return [(entry.title, entry.unread, entry.is_for_me) for entry in entries]

    mine = post(room, ben, "Mine")
    post(room, ada, "To all")
    assert for_me() == [("garden", 1, False)]
    post(room, ada, "An answer", parent=mine)
    assert for_me() == [("garden", 2, True)]
    arrange(ben, room, notification_level="muted")
    assert for_me() == [("garden", 0, False)]
    Message.objects.create(sender=ada, receiver=ben, content="Between us")
    assert for_me() == [("garden", 0, False), ("Ada", 1, True)]
