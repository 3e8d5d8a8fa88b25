"""Searching messages, in windows of the index, among those that the reader may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.db.models import F, Q, QuerySet, prefetch_related_objects

from messaging.models.conversations.membership import Membership
from messaging.models.db import among  # noqa: F401 - the filter `pk__among`
from messaging.models.messages.message import Message
from messaging.models.people.user import User
from messaging.models.search.filters import filters_of
from messaging.models.search.phrase_index import NEWEST, having, hits, ranked
from messaging.models.search.query import Query, Term
from messaging.models.search.search_text import compared_text
from messaging.models.search.sqlite_index import has_index
from messaging.text.search_words import contains, normal

PAGE_SIZE: Final = 20
BEST: Final = 50  # so many of the best matches are shown
# Before the reader is asked whether to go on, so many hits are read; fewer if their texts must be
# compared, which takes some 20 µs each; and for operators alone so many ids.
HITS: Final = (250, 4_000)
RANKED_HITS: Final = (1_000, 5_000)
COMPARED_HITS: Final = (250, 1_500)
TOGETHER: Final = 200  # messages whose texts are read together
IDS: Final = (10_000, 100_000)


@dataclass
class Results:
    """
    Attributes:
        messages: in their order, with sender, conversation and parent.
        older: the `before` of the next page; None if there is nothing more.
        is_full: whether more messages match than the page shows. If not, and there is an `older`, the search
            stopped there.
    """

    messages: list[Message]
    older: int | None
    is_full: bool


def search(reader: User, query: Query, before: int | None = None) -> Results:
    """One page of the messages that a query finds, the newest first.

    Args:
        before: only messages with a smaller id.
    """
    visible = _visible(reader, query)
    found: list[Message] = []
    older = NEWEST
    for window, older in _windows(query, NEWEST if before is None else before):  # noqa: B007
        found += _accepted(visible.filter(window), query, PAGE_SIZE + 1 - len(found))
        if len(found) > PAGE_SIZE:
            return Results(found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk, is_full=True)
    return Results(found, older or None, is_full=False)


def search_best(reader: User, query: Query, before: int | None = None) -> Results:
    """The best matches among the newest hits of the index below `before`, best first.

    Ranking all hits of a common word among a million messages took 200 ms. So a window of them is ranked, and
    the next one only if the reader may see nothing in it. `older` leads to the window after it. A query of
    operators alone has no order but that of time, nor has a search without index.
    """
    if not query.phrases or not has_index():
        return search(reader, query, before)
    visible = _visible(reader, query)
    end = NEWEST if before is None else before
    for size in RANKED_HITS:
        ids, end = hits(query.phrases, end, size)
        allowed = list(visible.filter(pk__among=ids).values_list("pk", flat=True))
        best = ranked(query.phrases, allowed)
        found: list[Message] = []
        for start in range(0, len(best), BEST):
            places = {pk: place for place, pk in enumerate(best[start : start + BEST])}
            some = _accepted(visible.filter(pk__in=list(places)), query, BEST)
            found += sorted(some, key=lambda message: places[message.pk])
            if len(found) >= BEST:
                break
        if found or not end:
            return Results(found[:BEST], end or None, is_full=False)
    return Results([], end or None, is_full=False)


def _visible(reader: User, query: Query) -> "QuerySet[Message]":
    mine = list(Membership.objects.filter(user=reader).values_list("conversation", flat=True))
    # Under names that no index knows. The messages are read by their ids; without statistics SQLite would
    # rather read all messages of a conversation or of a person.
    messages = Message.rows.alias(place=F("conversation_id") + 0, writer=F("sender_id") + 0)
    visible = messages.filter(filters_of(query, reader), place__among=mine, removed_at=None)
    visible = visible.select_related("sender", "conversation", "parent_message__sender").order_by("-pk")
    return having(visible, query.phrases) if query.phrases and not has_index() else visible


def _windows(query: Query, before: int) -> Iterator[tuple[Q, int]]:
    """Filters for the messages that may match, the newest first, each with the `before` of what follows: 0 if
    nothing does."""
    if not query.phrases or not has_index():
        newest = Message.rows.filter(pk__lt=before).order_by("-pk").values_list("pk", flat=True).first() or 0
        end = newest + 1
        for size in COMPARED_HITS if query.is_compared else IDS:
            first = max(end - size, 0)
            yield Q(pk__gte=first, pk__lt=end), first
            end = first
            if not end:
                return
        return
    end = before
    for size in COMPARED_HITS if query.is_compared else HITS:
        ids, end = hits(query.phrases, end, size)
        yield Q(pk__among=ids), end
        if not end:
            return


def _accepted(messages: "QuerySet[Message]", query: Query, most: int) -> list[Message]:
    """The first messages that match; what the index cannot decide is compared."""
    terms = [term for term in query.terms if term.is_compared]
    if not terms:
        return list(messages[:most])
    found: list[int] = []
    for message in _with_texts(messages.select_related(None)):
        text = compared_text(message)
        if all(_contains(text, term) is not term.is_negated for term in terms):
            found.append(message.pk)
            if len(found) == most:
                break
    return list(messages.filter(pk__in=found)) if found else []


def _with_texts(messages: "QuerySet[Message]") -> Iterator[Message]:
    """The messages, with all that `compared_text` reads."""
    rows = messages.iterator(TOGETHER)
    while some := list(islice(rows, TOGETHER)):
        # Few have any: asking for those of all would cost about as much as comparing.
        prefetch_related_objects([message for message in some if message.file_count], "files")
        prefetch_related_objects([message for message in some if message.has_poll], "poll_choices")
        yield from some


def _contains(text: str, term: Term) -> bool:
    if term.literal:
        return term.literal in " ".join(normal(text).split())
    return contains(text, term.phrase)
