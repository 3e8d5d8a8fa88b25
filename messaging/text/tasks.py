"""Task lists: an item of a list that begins with "[ ]" or "[x]" is shown with a box.

The HTML of a message has ☐ or ☑ in a span at the beginning of each such item, so excerpts show it
too. `with_states` sets the boxes that were ticked later (`models/messages/ticks.py`).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .excerpts import visible_parts

TASK_CLASS: Final = "task"  # of the item
OPEN_CLASS, DONE_CLASS = "tick", "ticked"  # of the box
MAX_TASKS: Final = 100  # of a message; others stay as they were typed
BOXES: Final = {
    False: f'<span class="{OPEN_CLASS}">☐</span>',
    True: f'<span class="{DONE_CLASS}">☑</span>',
}

_MARK: Final = re.compile(r"\[([ xX])\][ \t]+(?=\S|$)")
_BOX: Final = re.compile("|".join(BOXES.values()))
_QUOTE_DEPTH: Final = {"blockquote_open": 1, "blockquote_close": -1}
# The words of an item end where a block begins or ends.
_END: Final = re.compile(r"</?(?:li|[uo]l|p|pre|blockquote|table|hr)\b")


@dataclass(frozen=True)
class Task:
    """An item of a task list as it stands in the HTML of a message.

    `html` are its words. `key` is made of its place in the message and its words, so that a page showing an
    older text cannot tick a different task.
    """

    html: str
    is_done: bool
    place: int

    @property
    def text(self) -> str:
        return " ".join("".join(visible_parts(self.html)).split())

    @property
    def key(self) -> str:
        return f"{self.place}-{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"


def find_tasks(state: StateCore) -> None:
    """Core rule: put a box where an item begins with a mark. In a quote, where nobody can tick it, the box is
    a character of the text."""
    quotes = found = 0
    for place, token in enumerate(state.tokens):
        quotes += _QUOTE_DEPTH.get(token.type, 0)
        item = _item_of(state.tokens, place)
        if item is None or not (mark := _mark_of(token)) or found == MAX_TASKS:
            continue
        children = token.children or []
        is_done = mark[1] != " "
        children[0].content = children[0].content[mark.end() :]
        if quotes:
            children.insert(0, Token("text", "", 0, content="☑ " if is_done else "☐ "))
            continue
        found += 1
        item.attrJoin("class", TASK_CLASS)
        token.children = [Token("task", "", 0, meta={"is_done": is_done}), *children]


def has_tasks(content_html: str) -> bool:
    return _BOX.search(content_html) is not None


def tasks_in(content_html: str) -> list[Task]:
    """The items of the task lists in the HTML of a message, in order."""
    found = []
    for place, box in enumerate(_BOX.finditer(content_html)):
        end = _END.search(content_html, box.end())
        html = content_html[box.end() : end.start() if end else None]
        found.append(Task(html, box[0] == BOXES[True], place))
    return found


def with_states(content_html: str, states: Mapping[int, bool]) -> str:
    """The HTML with other boxes.

    Args:
        states: by the place of an item, whether it is done; the others stay as they are.
    """
    return with_boxes(content_html, {place: BOXES[is_done] for place, is_done in states.items()})


def with_boxes(content_html: str, boxes: Mapping[int, str]) -> str:
    """The HTML in which the boxes of these items are replaced."""
    places = count()
    return _BOX.sub(lambda box: boxes.get(next(places), box[0]), content_html)


def _item_of(tokens: Sequence[Token], place: int) -> Token | None:
    """The token that opens the item of which this one is the beginning."""
    is_inline = tokens[place].type == "inline" and place >= 2 and tokens[place - 1].type == "paragraph_open"
    return tokens[place - 2] if is_inline and tokens[place - 2].type == "list_item_open" else None


def _mark_of(token: Token) -> re.Match[str] | None:
    children = token.children or []
    if not children or children[0].type != "text" or not (mark := _MARK.match(children[0].content)):
        return None
    has_words = any(_contents(children, mark.end()))
    return mark if has_words else None


def _contents(children: Sequence[Token], start: int) -> Iterator[str]:
    yield children[0].content[start:].strip()
    for child in children[1:]:
        yield child.content.strip()
        yield from (str(part.content) for part in child.children or ())
