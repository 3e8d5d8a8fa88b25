"""What a message says of its poll: how many voted for each choice and, unless it is anonymous, who."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count

from messaging.models.messages.message import Message
from messaging.models.messages.polls import Poll, PollChoice, PollVote, counted_choices
from messaging.models.people.seen import person_seen
from messaging.models.people.user import User


@dataclass
class ChoiceResult:
    """One choice. `people` voted for it, the first one first, with their names only; empty if the poll is
    anonymous."""

    pk: int
    text: str
    votes: int
    people: list[User] = field(default_factory=list)


@dataclass
class PollResult:
    """A poll with its choices in order. `voters` is how many people voted."""

    poll: Poll
    voters: int
    choices: list[ChoiceResult] = field(default_factory=list)


def poll_results(messages: Collection[Message]) -> dict[int, PollResult]:
    """The polls of those messages that have one, by the message's id: at most three queries, and none if none
    of them has one."""
    ids = [message.pk for message in messages if message.has_poll]
    if not ids:
        return {}
    polls = Poll.objects.filter(pk__in=ids).annotate(voters=Count("message__poll_votes__user", distinct=True))
    results = {poll.pk: PollResult(poll, poll.voters + poll.imported_voters) for poll in polls}
    named = [pk for pk, result in results.items() if not result.poll.is_anonymous]
    people = _people(named) if named else {}
    for choice, number in counted_choices(PollChoice.objects.filter(message__in=results)):
        voted = people.get(choice.pk, [])
        result = ChoiceResult(choice.pk, choice.text, number, voted)
        results[choice.message_id].choices.append(result)
    return results


def choices_of(message: Message, user: User) -> set[int]:
    """The ids of the choices that the person voted for."""
    mine = PollVote.objects.filter(message=message, user=user)
    return set(mine.values_list("choice", flat=True))


def _people(message_ids: list[int]) -> dict[int, list[User]]:
    """Who voted, by the choice's id."""
    found: dict[int, list[User]] = defaultdict(list)
    rows = PollVote.objects.filter(message__in=message_ids).order_by("pk")
    for choice, pk, display_name, username in rows.values_list(
        "choice", "user", "user__display_name", "user__username"
    ):
        found[choice].append(person_seen(pk, {"display_name": display_name, "username": username}))
    return found
