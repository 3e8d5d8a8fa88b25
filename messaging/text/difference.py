"""The difference between two texts: by words, and by letters in scripts without spaces between words."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, Literal, NamedTuple

import regex

from .scripts import SPACED_LETTER

Kind = Literal["equal", "deleted", "inserted"]

# White space, a word, or one character as people see it (\X: a letter with its accents, a family of emoji).
_TOKEN = regex.compile(rf"\s+|(?:{SPACED_LETTER}\p{{M}}*)+|\X")
# Old tokens times new tokens. Two messages of 10,000 characters of single-character words stay below this
# limit and take about 40 ms and 15 MB. Beyond it, the changed middle is one deletion and one insertion.
_MAX_CELLS: Final = 110_000_000


class Change(NamedTuple):
    """A run of text that is in both texts ("equal"), only in the old ("deleted") or the new ("inserted")."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> list[Change]:
    """Compare two texts by words, spaces and punctuation marks, and by letters in scripts without spaces.

    The equal and deleted runs joined give `old`, the equal and inserted runs joined give `new`. Where text
    was replaced, the deletion comes before the insertion.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    head = _common_length(before, after)
    tail = _common_length(before[head:][::-1], after[head:][::-1])
    middle = _compare(before[head : len(before) - tail], after[head : len(after) - tail])
    start = [Change("equal", "".join(before[:head]))] if head else []
    end = [Change("equal", "".join(before[len(before) - tail :]))] if tail else []
    return _tidy([*start, *middle, *end])


def _common_length(before: list[str], after: list[str]) -> int:
    length = 0
    for mine, theirs in zip(before, after, strict=False):
        if mine != theirs:
            break
        length += 1
    return length


def _compare(before: list[str], after: list[str]) -> list[Change]:
    if len(before) * len(after) > _MAX_CELLS:
        return [Change("deleted", "".join(before)), Change("inserted", "".join(after))]
    return list(_backtrack(before, after, _lcs_rows(before, after)))[::-1]


def _lcs_rows(before: list[str], after: list[str]) -> list[int]:
    """Rows of the longest-common-subsequence table, one bit for each cell.

    A zero bit means that the length increases at that cell. Hyyrö, "Bit-parallel LCS-length computation
    revisited", 2004: four operations on whole rows for each token of `after`, however many tokens repeat.
    """
    positions: dict[str, int] = {}
    for index, token in enumerate(before):
        positions[token] = positions.get(token, 0) | 1 << index
    full = (1 << len(before)) - 1
    row, rows = full, [full]
    for token in after:
        matches = row & positions.get(token, 0)
        row = ((row + matches) | (row - matches)) & full
        rows.append(row)
    return rows


def _backtrack(before: list[str], after: list[str], rows: list[int]) -> Iterator[Change]:
    """Walk through the table from its end, and yield the changes from last to first."""
    i, j = len(before), len(after)
    while i and j:
        if rows[j] >> (i - 1) & 1:
            i -= 1
            yield Change("deleted", before[i])
        elif not rows[j - 1] >> (i - 1) & 1:
            j -= 1
            yield Change("inserted", after[j])
        else:
            i, j = i - 1, j - 1
            yield Change("equal", before[i])
    yield from (Change("deleted", token) for token in reversed(before[:i]))
    yield from (Change("inserted", token) for token in reversed(after[:j]))


def _tidy(changes: Iterable[Change]) -> list[Change]:
    """Join adjacent runs, deletions before insertions. Changes with only a space between them are joined too.

    Otherwise a rewritten sentence would be shown as many changes of single words.
    """
    runs = [
        (equal, list(group)) for equal, group in groupby(changes, key=lambda change: change.kind == "equal")
    ]
    result: list[Change] = []
    deleted = inserted = ""
    for number, (equal, run) in enumerate(runs):
        text = "".join(change.text for change in run)
        if not equal:
            deleted += "".join(change.text for change in run if change.kind == "deleted")
            inserted += "".join(change.text for change in run if change.kind == "inserted")
        elif text.isspace() and 0 < number < len(runs) - 1:
            deleted, inserted = deleted + text, inserted + text
        else:
            result += _pair(deleted, inserted)
            result.append(Change("equal", text))
            deleted = inserted = ""
    return result + _pair(deleted, inserted)


def _pair(deleted: str, inserted: str) -> list[Change]:
    pair = [Change("deleted", deleted), Change("inserted", inserted)]
    return [change for change in pair if change.text]
