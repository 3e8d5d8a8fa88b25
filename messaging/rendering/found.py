"""How a message that was searched for is shown: the part of its text with the words, which are marked."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from messaging.models import Message
from messaging.models.messages.attachment import number_of_files
from messaging.models.search.query import Query
from messaging.text.excerpts import visible_parts, without_spoilers
from messaging.text.search_words import places

LENGTH: Final = 220  # characters
BEFORE: Final = 60  # of them in front of the first marked word


class Piece(NamedTuple):
    text: str
    is_marked: bool


def found_excerpt(message: Message, query: Query, descriptions: Sequence[str] = ()) -> list[Piece]:
    """The text around the first place where a searched word stands, in pieces.

    Args:
        descriptions: of the pictures of the message. If none of the words stands in its text, the first
            description that has one is shown instead.
    """
    text = " ".join("".join(visible_parts(without_spoilers(message.content_html))).split())
    marked = _marked(text, query)
    if not marked:
        described = next((one for one in descriptions if _marked(one, query)), "")
        text = described or text or number_of_files(message.file_count)
        marked = _marked(text, query)
    start = _start(text, marked[0][0] if marked else 0)
    end = min(start + LENGTH, len(text))
    pieces, position = [Piece("… ", False)] if start else [], start
    for first, last in marked:
        if first >= end:
            break
        if last <= start:
            continue
        pieces += [Piece(text[position:first], False), Piece(text[first : min(last, end)], True)]
        position = min(last, end)
    pieces.append(Piece(text[position:end] + ("…" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece.text]


def _marked(text: str, query: Query) -> list[tuple[int, int]]:
    return _merged([*places(text, query.phrases), *_symbols(text, query)])


def _symbols(text: str, query: Query) -> list[tuple[int, int]]:
    """The first places of searched terms that have no words, such as 👍."""
    terms = [term.text for term in query.terms if not term.phrase.words and not term.is_negated]
    return [(text.index(term), text.index(term) + len(term)) for term in terms if term in text]


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged


def _start(text: str, marked: int) -> int:
    """Where the excerpt begins: at a word, a little before the first marked one."""
    if marked <= BEFORE:
        return 0
    space = text.find(" ", marked - BEFORE, marked)
    return space + 1 if space >= 0 else marked - BEFORE
