"""Which messages contain some words: SQLite's FTS5 and PostgreSQL's full text behind one function.

An SQLite without FTS5 has no index (`sqlite_index.py`): then `having` compares the rows of words.

The filters of a search are asked of ids that were read before. In one query with the index SQLite, without
statistics, begins with all messages of a person or of a conversation.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat

from messaging.models.db.numbers import LARGEST_ID
from messaging.models.db.plans import planned_each_time
from messaging.models.messages.message import Message
from messaging.text.search_words import Phrase

NEWEST: Final = LARGEST_ID  # `before` of the first search

_HITS: Final = {
    "sqlite": """
        SELECT rowid FROM messaging_searchindex
        WHERE messaging_searchindex MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s
    """,
    # For a rare word PostgreSQL sorts the hits of the GIN index; for a common one it reads the newest rows.
    "postgresql": """
        SELECT message_id FROM messaging_searchtext
        WHERE vector @@ to_tsquery('simple', %s) AND message_id < %s ORDER BY message_id DESC LIMIT %s
    """,
}
# The best ones of a span of ids. A smaller `bm25` is better; the 1 makes `ts_rank` prefer short texts.
_RANKED: Final = {
    "sqlite": """
        SELECT rowid FROM messaging_searchindex
        WHERE messaging_searchindex MATCH %s AND rowid BETWEEN %s AND %s
        ORDER BY bm25(messaging_searchindex), rowid DESC
    """,
    "postgresql": """
        SELECT message_id FROM messaging_searchtext, to_tsquery('simple', %s) query
        WHERE vector @@ query AND message_id BETWEEN %s AND %s
        ORDER BY ts_rank(vector, query, 1) DESC, message_id DESC
    """,
}


def having(messages: QuerySet[Message], phrases: Sequence[Phrase]) -> QuerySet[Message]:
    """Those of the messages whose words contain all the phrases, where there is no index."""
    padded = Concat(Value(" "), "search_text__text", Value(" "), output_field=TextField())
    messages = messages.alias(padded=padded)
    for phrase in phrases:
        text = " ".join(phrase.words)
        messages = messages.filter(padded__contains=f" {text}" if phrase.is_prefix else f" {text} ")
    return messages


def hits(phrases: Sequence[Phrase], before: int, most: int) -> tuple[list[int], int]:
    """The ids of the newest messages, below the id `before`, that contain all the phrases.

    Returns:
        At most `most` ids, and where the next ones begin: the lowest of these, or 0 if there are no more.
    """
    ids = _ids(_HITS, phrases, before, most)
    return ids, ids[-1] if len(ids) == most else 0


def ranked(phrases: Sequence[Phrase], ids: Sequence[int]) -> list[int]:
    """Some of the hits of `hits`, the best first; of two equally good ones, the newer one first."""
    if not ids:
        return []
    wanted = set(ids)
    return [pk for pk in _ids(_RANKED, phrases, ids[-1], ids[0]) if pk in wanted]


def _ids(sql: Mapping[str, str], phrases: Sequence[Phrase], *more: int) -> list[int]:
    match = _fts5(phrases) if connection.vendor == "sqlite" else _tsquery(phrases)
    with planned_each_time(), connection.cursor() as cursor:  # how common a word is decides about the plan
        cursor.execute(sql[connection.vendor], [match, *more])
        return [pk for (pk,) in cursor.fetchall()]


def _fts5(phrases: Sequence[Phrase]) -> str:
    """The query in FTS5's language. Folded words contain no quotes and no operators."""
    return " ".join(f'"{" ".join(phrase.words)}"{" *" * phrase.is_prefix}' for phrase in phrases)


def _tsquery(phrases: Sequence[Phrase]) -> str:
    """The query in PostgreSQL's language."""
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'" for word in phrase.words) + ":*" * phrase.is_prefix + ")"
        for phrase in phrases
    )
