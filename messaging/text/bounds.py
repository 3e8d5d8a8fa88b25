"""Limits to the work of parsing one text.

They are counted in steps, not in seconds, so that the same text always gives the same result.
"""

from collections.abc import MutableMapping
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

# Of nested quotes (a list counts twice) and of nested inline markup.
MAX_DEPTH: Final = 16
# A step is a position where all inline rules are tried (5-8 µs), including lookahead. A line that all block
# rules look at counts as three steps. 10,000 characters of ordinary text take about 400 steps, as 150 short
# lines 2,000, as a list of 150 short items 3,000. Unclosed brackets and nested lists could take any number.
MAX_STEPS: Final = 6_000
_LINE_STEPS: Final = 3
_ALL_BLOCKS: Final = ["paragraph", "reference", "blockquote", "list"]


class TooComplex(Exception):
    """The text has more structure than the limits allow; it is to be shown as it was typed."""


def bound(parser: MarkdownIt) -> None:
    """Make the parser raise TooComplex when a text exceeds a limit."""
    parser.block.ruler.before("table", "steps", _count_line, {"alt": _ALL_BLOCKS})
    parser.inline.ruler.before("text", "steps", _count_position)


def refuse_depth(children: list[Token]) -> None:
    """Raise TooComplex if inline markup is nested too deeply."""
    if max(child.level for child in children) > MAX_DEPTH:
        raise TooComplex


def count_steps(env: MutableMapping[str, Any], steps: int) -> None:
    """Add to the steps of the text that is parsed. Raises TooComplex when they are too many."""
    env["steps"] = env.get("steps", 0) + steps
    if env["steps"] > MAX_STEPS:
        raise TooComplex


def _count_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    count_steps(state.env, _LINE_STEPS)
    if state.level >= MAX_DEPTH:
        raise TooComplex
    return False


def _count_position(state: StateInline, silent: bool) -> bool:
    count_steps(state.env, 1)
    return False
