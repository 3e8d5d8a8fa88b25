"""Polls: sent with their message, voted for under the lock, ended, and nothing is left of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.models import Conversation, Message, Notification, Poll, PollChoice, PollVote, User
from messaging.models.accounts.personal_data import own_messages, parts_of, what_is_deleted
from messaging.models.messages.poll_ends import end_poll_when_due, post_poll
from messaging.models.messages.poll_results import poll_results
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.voting import end_poll, unvote, vote
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from messaging.models.search.query import parse
from messaging.models.search.searching import search

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
LUNCH = ("Soup", "Herring", "Nothing")


def poll_in(room: Conversation, by: User, **options: Any) -> Message:
    return post_poll(room, by, "What is for lunch?", NewPoll(LUNCH, **options))


@pytest.fixture
def poll(room: Conversation, ada: User) -> Message:
    return poll_in(room, ada)


def choice(message: Message, text: str) -> int:
    return PollChoice.objects.get(message=message, text=text).pk


def shown(message: Message) -> dict[str, list[str]]:
    [result] = poll_results([message]).values()
    return {one.text: [person.username for person in one.people] for one in result.choices}


def version_of(message: Message) -> tuple[int, int]:
    found = Message.rows.select_related("conversation").get(pk=message.pk)
    return found.conversation.version, found.version


def test_a_vote_moves_the_version_once_and_voting_for_another_choice_moves_the_vote(
    poll: Message, ben: User
) -> None:
    before = version_of(poll)
    for _ in range(2):
        assert vote(poll, ben, choice(poll, "Soup")).version == before[0] + 1
    assert shown(poll) == {"Soup": ["ben"], "Herring": [], "Nothing": []}
    vote(poll, ben, choice(poll, "Herring"))
    assert shown(poll) == {"Soup": [], "Herring": ["ben"], "Nothing": []}
    unvote(poll, ben, choice(poll, "Soup"))  # it is not there
    assert version_of(poll) == (before[0] + 2, before[0] + 2)
    unvote(poll, ben, choice(poll, "Herring"))
    assert not PollVote.objects.exists()


def test_several_choices_count_their_people_once(room: Conversation, ada: User, ben: User) -> None:
    poll = poll_in(room, ada, has_several=True)
    for user, text in ((ben, "Soup"), (ben, "Herring"), (ada, "Soup")):
        vote(poll, user, choice(poll, text))
    [result] = poll_results([poll]).values()
    assert [one.votes for one in result.choices] == [2, 1, 0]
    assert result.voters == 2


def test_an_anonymous_poll_has_numbers_and_no_names(room: Conversation, ada: User, ben: User) -> None:
    poll = poll_in(room, ada, is_anonymous=True)
    vote(poll, ben, choice(poll, "Soup"))
    [result] = poll_results([poll]).values()
    assert [(one.votes, one.people) for one in result.choices] == [(1, []), (0, []), (0, [])]
    [line] = own_messages(ada)
    assert '{"text": "Soup", "votes": 1}' in line
    assert "ben" not in line


def test_nobody_votes_after_the_end_which_open_pages_are_told_of(
    room: Conversation, ada: User, ben: User
) -> None:
    poll = poll_in(room, ada, ends_at=timezone.now() + timedelta(hours=1))
    soup = choice(poll, "Soup")
    [queued] = QueuedTask.objects.filter(task__contains="end_poll_when_due")
    assert queued.due_at == Poll.objects.get().ends_at
    before = version_of(poll)
    end_poll_when_due.func(poll.pk)  # too early: as in a repeated run
    assert version_of(poll) == before
    Poll.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ValidationError, match="has ended"):
        vote(poll, ben, soup)
    for _ in range(2):
        end_poll_when_due.func(poll.pk)
        assert version_of(poll) == (before[0] + 1, before[0] + 1)
    assert Poll.objects.get().closed_at
    end_poll_when_due.func(poll.pk + 1)  # of a message that is gone


def test_its_author_or_a_moderator_ends_it_before(poll: Message, ada: User, ben: User) -> None:
    with pytest.raises(ValidationError) as refused:
        end_poll(poll, ben)
    assert refused.value.code == "moderator"
    end_poll(poll, ada)
    for act in (vote, unvote):
        with pytest.raises(ValidationError, match="has ended"):
            act(poll, ben, choice(poll, "Soup"))


REFUSALS: dict[str, Callable[[Message, User, User], Any]] = {
    "removed": lambda message, ada, ben: message.remove(by=ada),
    "archived": lambda message, ada, ben: archive(message.conversation, by=ada),
    "editor": lambda message, ada, ben: leave(message.conversation, ben),
}


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("act", [vote, unvote])
def test_it_is_refused_under_the_lock(
    poll: Message, ada: User, ben: User, code: str, act: Callable[..., Message]
) -> None:
    soup, herring = choice(poll, "Soup"), choice(poll, "Herring")
    vote(poll, ben, soup)
    stale = Message.rows.select_related("conversation").get(pk=poll.pk)
    REFUSALS[code](poll, ada, ben)
    before, rows = version_of(poll), list(PollVote.objects.values_list("pk", flat=True))
    with pytest.raises(ValidationError) as refused:
        act(stale, ben, soup if act is unvote else herring)
    assert refused.value.code == code
    assert version_of(poll) == before
    assert list(PollVote.objects.values_list("pk", flat=True)) == rows


def test_a_choice_of_another_poll_is_none(poll: Message, room: Conversation, ada: User) -> None:
    other = poll_in(room, ada)
    for number in (0, choice(other, "Soup"), 2**63 - 1):
        with pytest.raises(ValidationError, match="no such choice"):
            vote(poll, ada, number)


def test_nothing_becomes_unread_by_a_vote(poll: Message, ada: User, ben: User) -> None:
    Message.unread_messages.mark_as_read_for_user(ben)
    before = list(Notification.objects.order_by("pk").values_list("pk", "user", "read_at"))
    ada_before = User.objects.get(pk=ada.pk).version
    vote(poll, ben, choice(poll, "Soup"))
    assert list(Notification.objects.order_by("pk").values_list("pk", "user", "read_at")) == before
    assert User.objects.get(pk=ada.pk).version == ada_before


def test_a_removed_message_loses_its_poll_and_an_edited_one_keeps_it(
    poll: Message, ada: User, ben: User
) -> None:
    vote(poll, ben, choice(poll, "Soup"))
    poll.edit("What is for dinner?")
    assert shown(poll)["Soup"] == ["ben"]
    poll.remove(by=ada)
    assert not poll.has_poll
    assert not any(model.objects.exists() for model in (Poll, PollChoice, PollVote))


def test_deleting_a_person_takes_their_votes_and_changes_the_messages(
    poll: Message, room: Conversation, ben: User, cleo: User
) -> None:
    for user in (ben, cleo):
        vote(poll, user, choice(poll, "Soup"))
    assert what_is_deleted([ben.pk])["votes"] == 1
    [of_ben] = cast(list[dict[str, object]], parts_of(ben)["votes"])
    assert of_ben == {"message": poll.pk, "choice": "Soup"}
    before = version_of(poll)
    ben.delete()
    assert shown(poll)["Soup"] == ["cleo"]
    assert version_of(poll)[1] > before[1]


def test_a_search_finds_the_words_of_choices_also_after_an_edit(poll: Message, ben: User) -> None:
    for _ in range(2):
        found = search(ben, parse("herring")).messages
        assert [message.pk for message in found] == [poll.pk]
        poll.edit("What is for dinner?")
