"""Where Parley's blocks differ from CommonMark's: quotes, lists and tables as people type them in a chat."""

import re
from typing import Final

from markdown_it.rules_block import StateBlock, list_block, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore

from .bounds import count_steps

_MAX_CELLS: Final = 1_500
_LEADING_ZERO: Final = re.compile(r"0\d")
_DELIMITER_ROW: Final = re.compile(r"[ \t|:]*-[ \t|:-]*")


def end_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule inside quotes: a line without ">" ends them. CommonMark would go on with the paragraph."""
    return silent and state.parentType == "blockquote"


def end_item(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule inside paragraphs: a line that is not indented ends the list above it."""
    return silent and 0 <= state.sCount[start] <= state.listIndent


def list_as_typed(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for lists. "007. Bond" begins none, since a list could not show its zeros."""
    is_number = _LEADING_ZERO.match(state.src, state.bMarks[start] + state.tShift[start])
    return not is_number and list_block(state, start, end, silent)


def number_items(state: StateCore) -> None:
    """Core rule: every item of a list shows the number that was typed, also where the numbers have gaps."""
    following: list[int] = []  # the next number, of each list that is open
    for token in state.tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            following.append(int(token.attrs.get("start", 1)))
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            following.pop()
        elif token.type == "list_item_open":
            number = int(token.info) if token.info else following[-1]
            if number != following[-1]:
                token.attrs["value"] = number
            following[-1] = number + 1


def table_as_typed(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for tables. A table that has too many cells, or would lose some, is no table.

    A row that is shorter than the header counts as if it had all cells, since the parser adds them. From a
    row with more cells than the header, the parser would drop some.
    """
    if start + 2 > end or not _DELIMITER_ROW.fullmatch(_line(state, start + 1)):
        return False
    columns = _count_cells(_line(state, start))
    first = state.bMarks[start]
    blank = state.src.find("\n\n", first)
    rows = state.src.count("\n", first, blank if blank >= 0 else None)
    if columns * rows > _MAX_CELLS:
        return False
    count_steps(state.env, rows)
    last = min(start + rows + 1, end)
    if any(_count_cells(_line(state, line)) > columns for line in range(start + 2, last)):
        return False
    return table(state, start, end, silent)


def _count_cells(line: str) -> int:
    cells = escapedSplit(line.strip())
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]]
