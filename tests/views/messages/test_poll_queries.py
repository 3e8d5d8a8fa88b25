"""Polls of a list are read together: forty take as many queries as one."""

from collections.abc import Callable

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.saving import post
from messaging.models.messages.voting import vote
from tests.contract.counting import statements
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["conversation", "message_list", "thread_list"])
def test_forty_polls_take_as_many_queries_as_one(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client], name: str
) -> None:
    root = post(room, ada, "First")
    place = reverse(name, args=[root.pk if name == "thread_list" else room.pk])
    client, headers = browser(ben), FRAGMENT if name != "conversation" else None
    client.get(place, headers=headers)
    costs = []
    for number in (1, 39):
        for _ in range(number):
            for parent in (None, root):
                poll = post(room, ada, "Lunch?", parent, poll=NewPoll(("Soup", "Herring")))
                vote(poll, ben, poll.poll_choices.earliest("pk").pk)
        for alias in ("pages", "fragments"):
            caches[alias].clear()
        with statements() as found:
            assert client.get(place, headers=headers).content.count(b"poll-choice") >= 2 * number
        costs.append(len(found))
    assert costs[0] == costs[1]
