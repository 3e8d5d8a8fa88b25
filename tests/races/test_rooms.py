"""Rooms of one name, made at the same moment."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from messaging.models import Conversation, User
from tests.races.racing import FEWER_ROUNDS, Racers

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_rooms_with_one_name_only_one_is_created(racers: Racers, ada: User) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS, acts=3)):
        names = [f"Quay {number}", f"QUAY {number}", f"quay {number}"]
        got = race.run(*(partial(Conversation.objects.create_room, name, by=ada) for name in names))
        if race.first is not None:
            assert got[race.first].name == names[race.first]
        refused = [one for one in got if isinstance(one, ValidationError)]
        assert len(refused) == len(names) - 1
        assert all("name" in one.message_dict for one in refused)
    assert Conversation.objects.count() == FEWER_ROUNDS
