"""A person's status, and its end."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.models import Conversation, User
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.inbox.status import set_status
from messaging.models.rooms.members import add
from tests.factories import UserFactory


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_a_status_is_cleaned_and_ends_at_its_time(ben: User) -> None:
    now = timezone.now()
    set_status(ben, "  At\u202e   lunch \n", now + timedelta(minutes=30))
    assert (fresh(ben).current_status, fresh(ben).status_until) == ("At lunch", now + timedelta(minutes=30))
    with time_machine.travel(now + timedelta(minutes=29, seconds=59), tick=False):
        assert fresh(ben).current_status == "At lunch"
    with time_machine.travel(now + timedelta(minutes=30), tick=False):
        assert fresh(ben).current_status == ""
    set_status(ben, "Here")
    with time_machine.travel(now + timedelta(days=1000), tick=False):
        assert fresh(ben).current_status == "Here"
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert fresh(ben).current_status == ""
    set_status(ben, " ", now + timedelta(hours=1))
    assert (fresh(ben).status, fresh(ben).status_until) == ("", None)


@pytest.mark.parametrize("status", ["x" * 101, "\u200b", "\u2800"])
def test_what_is_too_long_or_cannot_be_seen_is_refused(ben: User, status: str) -> None:
    set_status(ben, "Here")
    with pytest.raises(ValidationError):
        set_status(ben, status)
    assert fresh(ben).status == "Here"


def test_a_status_raises_the_version_of_direct_conversations_only(
    ada: User, ben: User, room: Conversation
) -> None:
    direct, notes = Conversation.objects.direct(ada, ben), Conversation.objects.direct(ben, ben)
    group = Conversation.objects.create_group(ada, [ben, UserFactory.create()])
    foreign = Conversation.objects.direct(ada, UserFactory.create())

    def numbers() -> dict[int, tuple[int, int]]:
        rows = Conversation.objects.values_list("pk", "version", "members_version")
        return {pk: (version, members_version) for pk, version, members_version in rows}

    before = numbers()
    set_status(ben, "At lunch")
    after = numbers()
    for one in (direct, notes):
        assert after[one.pk] == (before[one.pk][0] + 1, before[one.pk][0] + 1)
    for one in (room, group, foreign):
        assert after[one.pk] == before[one.pk]
    set_status(fresh(ben), "At lunch")  # nothing new
    assert numbers() == after


def test_the_sidebar_state_changes_when_a_status_begins_is_extended_or_ends(ada: User, ben: User) -> None:
    """`state` is the cache key of the sidebar, so it must change whenever a shown status does."""
    Conversation.objects.direct(ada, ben)
    states = [sidebar_of(ada).state]
    now = timezone.now()
    for minutes in (30, 60):
        set_status(ben, "At lunch", now + timedelta(minutes=minutes))
        states.append(sidebar_of(ada).state)
        assert sidebar_of(ada).state == states[-1]
    with time_machine.travel(now + timedelta(minutes=45), tick=False):
        assert sidebar_of(ada).state == states[-1]
    with time_machine.travel(now + timedelta(minutes=60), tick=False):
        states.append(sidebar_of(ada).state)
    assert len(set(states)) == 4


def test_next_end_is_the_earliest_end_of_a_direct_contacts_status(
    ada: User, ben: User, room: Conversation
) -> None:
    cleo, dora = UserFactory.create_batch(2)
    for other in (ben, cleo):
        Conversation.objects.direct(ada, other)
    add(room, dora)
    now = timezone.now()
    for person, minutes in ((ben, 60), (cleo, 40), (dora, 20), (ada, 10)):
        set_status(person, "Away", now + timedelta(minutes=minutes))
    assert sidebar_of(ada).next_end == now + timedelta(minutes=40)
    with time_machine.travel(now + timedelta(minutes=50), tick=False):
        assert sidebar_of(ada).next_end == now + timedelta(minutes=60)
        shown = {
            entry.title: entry.other and entry.other.current_status
            for entry in sidebar_of(ada).direct_and_groups
        }
    assert shown == {ben.name: "Away", cleo.name: ""}
