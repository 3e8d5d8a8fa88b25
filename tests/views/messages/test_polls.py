"""Polls by forms, with script and without, and what every reader is shown of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.http.rate_limits import fill_all_buckets
from messaging.models import Conversation, Message, Poll, PollVote, User
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.saving import post
from messaging.models.messages.voting import end_poll, vote
from messaging.models.rooms.settings import archive
from messaging.templatetags.parley import excerpt
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db
NASTY = '<img src=x onerror="alert(1)">'
FORM = {"question": "What is for *lunch*?", "choices": f"Soup\n\n  Herring  \r\n{NASTY}"}


def poll_in(room: Conversation, by: User, *choices: str, **options: Any) -> Message:
    return post(room, by, "Lunch?", poll=NewPoll(choices or ("Soup", "Herring"), **options))


def address(name: str, message: Message) -> str:
    return reverse(name, args=[message.pk])


def first_choice(message: Message) -> int:
    return message.poll_choices.earliest("pk").pk


def test_a_poll_is_made_by_a_form_with_script_and_without(
    room: Conversation, ben: User, browser: Callable[[User], Client]
) -> None:
    client, place = browser(ben), reverse("poll_new", args=[room.pk])
    assert "One in each line, 2 to 10." in client.get(place).content.decode()
    for headers, status in ((None, 302), (FRAGMENT, 200)):
        answer = client.post(place, {**FORM, "has_several": "on", "is_anonymous": "on"}, headers=headers)
        assert answer.status_code == status
    poll = Poll.objects.latest("pk")
    assert (poll.has_several, poll.is_anonymous, poll.ends_at) == (True, True, None)
    texts = poll.message.poll_choices.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["Soup", "Herring", NASTY]
    assert f'id="m-{poll.pk}"' in answer.content.decode()
    assert "<img" not in answer.content.decode()
    assert excerpt(poll.message, 100) == "Poll: What is for lunch?"


def test_a_poll_in_a_thread_is_a_reply(room: Conversation, ada: User, ben: User, as_ben: Client) -> None:
    root = post(room, ada, "About lunch")
    place = address("poll_reply", root)
    page = as_ben.get(place, {"question": "Which?"}).content.decode()
    assert "About lunch" in page
    assert f'action="{place}"' in page
    assert address("poll_reply", root) in as_ben.get(address("thread", root)).content.decode()
    for headers in (None, FRAGMENT):
        answer = as_ben.post(place, FORM, headers=headers)
        poll = Poll.objects.latest("pk").message
        assert answer["Location"] == f"{address('thread', root)}?at={poll.pk}#t-{poll.pk}"
        assert (poll.parent_message, poll.thread_root) == (root, root)
    vote(poll, ada, first_choice(poll))
    assert "1 vote: Ada Lovelace" in as_ben.get(address("thread", root)).content.decode()
    root.remove(by=ada)
    refused = as_ben.post(place, FORM)
    assert refused.status_code == 422
    assert "The message that you are replying to was removed." in refused.content.decode()
    assert "What is for *lunch*?" in refused.content.decode()


def test_sent_twice_it_is_one_poll(room: Conversation, ben: User, browser: Callable[[User], Client]) -> None:
    form = {**FORM, "client_id": "5e4ac0de-0000-4000-8000-000000000000"}
    client, place = browser(ben), reverse("poll_new", args=[room.pk])
    assert client.post(place, form)["Location"] == client.post(place, form)["Location"]
    assert Poll.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"question": " "}, "poll-question_error"),
        ({"choices": "Soup"}, "Enter 2 to 10 choices."),
        ({"choices": "\n".join(map(str, range(11)))}, "Enter 2 to 10 choices."),
        ({"choices": "Soup\nHerring\n Soup "}, "You have entered “Soup” twice."),
        ({"choices": f"Soup\n{'x' * 101}"}, "100"),
        ({"choices": "Soup\n\u200b"}, ""),
        ({"ends_at": "2020-01-01T10:00"}, "This time is in the past"),
        ({"ends_at": "tomorrow"}, "Enter date and time in this format"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    room: Conversation, ben: User, browser: Callable[[User], Client], wrong: dict[str, str], why: str
) -> None:
    place = reverse("poll_new", args=[room.pk])
    answer = browser(ben).post(place, {**FORM, **wrong}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    kept = "Soup" if "question" in wrong else "What is for *lunch*?"
    assert kept in answer.content.decode()
    assert not Poll.objects.exists()


def test_an_end_is_in_the_persons_own_zone(
    room: Conversation, ben: User, browser: Callable[[User], Client]
) -> None:
    ben.time_zone = "Asia/Tokyo"
    ben.save()
    client, place = browser(ben), reverse("poll_new", args=[room.pk])
    assert "In your time zone: Asia/Tokyo." in client.get(place).content.decode()
    day = timezone.now() + timedelta(days=30)
    answer = client.post(place, {**FORM, "ends_at": f"{day:%Y-%m-%d}T09:30"})
    assert answer.status_code == 302
    ends_at = Poll.objects.get().ends_at
    assert ends_at
    assert (ends_at.hour, ends_at.minute) == (0, 30)


def test_a_press_votes_and_another_verb_takes_back(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    poll = poll_in(room, ada)
    client, choice = browser(ben), {"choice": first_choice(poll)}
    for name, count in (("message_vote", 1), ("message_vote", 1), ("message_unvote", 0)):
        answer = client.post(address(name, poll), choice, headers=FRAGMENT)
        assert answer.status_code == 200
        assert f'hx-target="#m-{poll.pk} &gt; .message"' in answer.content.decode()
        assert PollVote.objects.count() == count
    answer = client.post(address("message_vote", poll), {**choice, "ballot": "1"}, headers=FRAGMENT)
    assert "Your vote" in answer.content.decode()


def test_without_script_the_page_says_who_and_has_a_form_for_each(
    room: Conversation, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    poll = poll_in(room, ada)
    vote(poll, ada, first_choice(poll))
    client = browser(ben)
    page = client.get(address("message_poll", poll)).content.decode()
    assert "Ada Lovelace</p>" in page
    assert "End the poll now" not in page
    answer = client.post(address("message_vote", poll), {"choice": first_choice(poll)})
    assert answer["Location"].endswith(f"#m-{poll.pk}")
    page = client.get(address("message_poll", poll)).content.decode()
    assert "Take back" in page
    assert "Ada Lovelace and Ben Okri</p>" in page
    assert "End the poll now" in browser(ada).get(address("message_poll", poll)).content.decode()
    assert client.post(address("poll_end", poll)).status_code == 404
    assert browser(ada).post(address("poll_end", poll)).status_code == 302
    assert "This poll has ended" in client.get(address("message_poll", poll)).content.decode()


@pytest.mark.parametrize("headers", [None, FRAGMENT], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda poll, ada: end_poll(poll, ada), "This poll has ended"),
        (lambda poll, ada: archive(poll.conversation, by=ada), "This room is archived"),
        (lambda poll, ada: poll.poll_choices.all().delete(), "no such choice"),
    ],
)
def test_a_refusal_says_why(
    room: Conversation,
    ada: User,
    ben: User,
    browser: Callable[[User], Client],
    headers: dict[str, str] | None,
    act: Callable[[Message, User], object],
    why: str,
) -> None:
    poll = poll_in(room, ada)
    choice = first_choice(poll)
    act(poll, ada)
    answer = browser(ben).post(address("message_vote", poll), {"choice": choice}, headers=headers)
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_one_who_votes_too_fast_has_to_wait_and_a_message_without_a_poll_has_no_page(
    room: Conversation,
    message: Message,
    ada: User,
    ben: User,
    browser: Callable[[User], Client],
    settings: LazySettings,
) -> None:
    settings.LIMITS = {**settings.LIMITS, "react": (1, 0.1)}
    fill_all_buckets()
    poll, client = poll_in(room, ada), browser(ben)
    form = {"choice": first_choice(poll)}
    answers = [client.post(address("message_vote", poll), form, headers=FRAGMENT) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert client.get(address("message_poll", message)).status_code == 404
    for name in ("message_vote", "message_unvote"):
        assert client.post(address(name, message), {"choice": "1"}).status_code == 404
