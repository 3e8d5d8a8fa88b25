"""Saving messages and being reminded of them, while something else happens to them."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from messaging.models import Conversation, Reminder, SavedMessage, User
from messaging.models.inbox.reminders import dismiss, remind, remind_again, remind_when_due
from messaging.models.inbox.saved import save_message, unsave_message
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.races.racing import FEWER_ROUNDS, Racers, outcome_name

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_that_is_removed_meanwhile_is_not_saved(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    for race in racers.rounds(FEWER_ROUNDS):
        message = post(room, ada, "Low water")
        outcomes = {
            outcome_name(one) for one in race.run(partial(save_message, ben, message), message.remove)
        }
        assert outcomes <= {"done", "Gone"}
        assert not SavedMessage.objects.exists()


def test_a_reminder_for_another_time_is_not_due(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    message, later = post(room, ada, "Low water"), timezone.now() + timedelta(hours=1)
    for race in racers.rounds(FEWER_ROUNDS):
        remind(ben, message, timezone.now())
        reminder = Reminder.objects.get()
        outcomes = {
            outcome_name(one)
            for one in race.run(
                partial(remind_when_due.call, reminder.pk), partial(remind, ben, message, later)
            )
        }
        assert outcomes <= {"done", "Gone"}
        assert Reminder.objects.filter(is_due=False, at=later).count() == 1


def test_what_is_done_or_not_saved_any_more_does_not_come_again(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    message = post(room, ada, "Low water")
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        remind_again(ben, message)
        reminder = Reminder.objects.get()
        ends = (partial(dismiss, reminder), partial(unsave_message, ben, message))
        outcomes = {
            outcome_name(one)
            for one in race.run(partial(remind_when_due.call, reminder.pk), ends[number % 2])
        }
        assert outcomes <= {"done", "Gone"}
        assert not Reminder.objects.exists()


def test_deleting_the_person_meanwhile_leaves_nothing(racers: Racers, room: Conversation, ada: User) -> None:
    message = post(room, ada, "Low water")
    for race in racers.rounds(FEWER_ROUNDS):
        person = UserFactory.create()
        add(room, person)
        outcomes = {
            outcome_name(one)
            for one in race.run(partial(remind, person, message, timezone.now()), person.delete)
        }
        assert outcomes <= {"done", "Gone"}
        assert not SavedMessage.objects.exists()
        assert not Reminder.objects.exists()
