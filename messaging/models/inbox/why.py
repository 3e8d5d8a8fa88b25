"""Why a message is for a person, in more detail than its notification says: for "Why did I get this?"."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from messaging.models.messages.following import ThreadChoice
from messaging.models.messages.keywords import Keyword, keywords_in
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.people.groups import GroupMembership
from messaging.text import many_mentioned_in
from messaging.text.mentions import group_id_in

Reason = Notification.Reason
NONE: Final[Mapping[int, Message]] = MappingProxyType({})


class Follows(StrEnum):
    """Why somebody follows a thread."""

    CHOSE = "chose"
    BEGAN = "began"
    WROTE = "wrote"


class NotifiedMessage(NamedTuple):
    """A message, the id of a person for whom it is, and the reason of their notification."""

    user: int
    message: Message
    reason: str


@dataclass(frozen=True)
class Cause:
    """Why a message is for somebody.

    Attributes:
        names: the keywords, or the groups as "@design".
    """

    reason: str
    follows: Follows | None = None
    names: tuple[str, ...] = ()


Key = tuple[int, int]  # the ids of a person and a message


def causes_of(notified: Collection[NotifiedMessage], roots: Mapping[int, Message] = NONE) -> dict[Key, Cause]:
    """Why each of these messages is for its person. At most four queries; none for direct messages, mentions
    by name and the like.

    Args:
        roots: the first messages of all threads, by id, if the caller has them.
    """
    by_reason: dict[str, list[NotifiedMessage]] = defaultdict(list)
    for one in notified:
        by_reason[one.reason].append(one)
    follows = _follows(by_reason[Reason.REPLY], roots)
    names = _keywords(by_reason[Reason.KEYWORD]) | _groups(by_reason[Reason.GROUP])
    causes = {}
    for one in notified:
        key = one.user, one.message.pk
        causes[key] = Cause(one.reason, follows.get(key), names.get(key, ()))
    return causes


def _follows(notified: Collection[NotifiedMessage], known: Mapping[int, Message]) -> Mapping[Key, Follows]:
    if not notified:
        return {}
    people, roots = {one.user for one in notified}, {one.message.thread_root_id or 0 for one in notified}
    choices = ThreadChoice.objects.filter(user__in=people, thread_root__in=roots, is_following=True)
    chosen = set(choices.values_list("user_id", "thread_root_id"))
    if known:
        began = {(root.sender_id, pk) for pk, root in known.items()}
    else:
        began = set(Message.rows.filter(pk__in=roots, sender__in=people).values_list("sender_id", "pk"))
    found = {}
    for one in notified:
        at = one.user, one.message.thread_root_id
        found[one.user, one.message.pk] = (
            Follows.CHOSE if at in chosen else Follows.BEGAN if at in began else Follows.WROTE
        )
    return found


def _keywords(notified: Collection[NotifiedMessage]) -> dict[Key, tuple[str, ...]]:
    """The person's keywords that are in each message: their present keywords, in its present text."""
    if not notified:
        return {}
    theirs: dict[int, list[Keyword]] = defaultdict(list)
    for keyword in Keyword.objects.filter(user__in={one.user for one in notified}).order_by("pk"):
        theirs[keyword.user_id].append(keyword)
    return {(one.user, one.message.pk): keywords_in(one.message, theirs[one.user]) for one in notified}


def _groups(notified: Collection[NotifiedMessage]) -> dict[Key, tuple[str, ...]]:
    """The groups that the message mentions, of those that the person is in."""
    if not notified:
        return {}
    rows = GroupMembership.objects.filter(user__in={one.user for one in notified})
    theirs = set(rows.values_list("user_id", "group_id"))
    found = {}
    for one in notified:
        many = many_mentioned_in(one.message.content_html)
        names = [name for name, address in many.items() if (one.user, group_id_in(address)) in theirs]
        found[one.user, one.message.pk] = tuple(f"@{name}" for name in names)
    return found
