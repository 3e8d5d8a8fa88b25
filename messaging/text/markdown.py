"""CommonMark with the extras of a chat, and without what a chat has no use for. Bounded in time."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as table_rule
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import image as image_rule
from markdown_it.rules_inline import link as link_rule
from markdown_it.token import Token

from .emoji import replace_emoji
from .links import MAX_BARE_LINKS, BoundedLinkify, count_hints, is_safe_address, link_as_typed, normal_address
from .mentions import find_mentions

# Each bound keeps the worst message of 10,000 characters that we could find below 100 ms.
_MAX_DEPTH: Final = 16  # quotes in quotes (a list counts twice), marks in marks
_MAX_BRACKETS: Final = 500  # every "[" is looked at as a link, together with all that it encloses
_MAX_CELLS: Final = 2_000
_MAX_LINES: Final = 1_000  # each is looked at by every block rule, 30 µs
_MAX_QUOTES: Final = 250  # a quoted line may look at all lines after it
_MAX_MARKS: Final = 2_500  # each "*", "_", "~" or "[" costs 10 µs

_QUOTED_LINE = re.compile(r"^[ \t\d.)*+-]*>", re.MULTILINE)


class TooComplex(Exception):
    """More nesting, lines or marks than anybody reads; the text is to be shown as it was typed."""


def parse(content: str, env: dict[str, object] | None = None) -> list[Token]:
    """Return the tokens of a text; mentions are children of the type "mention", with their name in `meta`.

    Raises TooComplex.
    """
    _refuse_size(content)
    parser = MARKDOWN if count_hints(content) <= MAX_BARE_LINKS else _WITHOUT_BARE_LINKS
    return parser.parse(content, env if env is not None else {})


def _refuse_size(content: str) -> None:
    if (
        content.count("\n") > _MAX_LINES
        or sum(map(content.count, "*_~[")) > _MAX_MARKS
        or len(_QUOTED_LINE.findall(content)) > _MAX_QUOTES
    ):
        raise TooComplex


def _parser(*, bare_links: bool) -> MarkdownIt:
    options = {"html": False, "breaks": True, "linkify": bare_links, "maxNesting": _MAX_DEPTH + 4}
    parser = MarkdownIt("commonmark", options).enable(["strikethrough", "table"])
    if bare_links:
        parser.enable("linkify")
    # "[note]: see below" would vanish as the definition of a reference.
    parser.disable("reference")
    parser.block.ruler.before("table", "depth", _refuse_depth)
    parser.block.ruler.at("table", _small_table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.at("link", _few_brackets(link_rule))
    parser.inline.ruler.at("image", _few_brackets(image_rule))
    parser.inline.ruler.at("linkify", link_as_typed)
    parser.core.ruler.push("chat", _chat)
    parser.linkify = BoundedLinkify()
    # An address is shown as it was typed: decoded, it could show look-alike letters and override marks.
    parser.validateLink = is_safe_address  # type: ignore[method-assign,assignment]
    parser.normalizeLink = normal_address  # type: ignore[method-assign,assignment]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return parser


def _refuse_depth(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.level >= _MAX_DEPTH:
        raise TooComplex
    return False


def _small_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Tables, unless they have too many cells (short rows are filled up to the header's length)."""
    if start + 2 > end:
        return False
    columns = state.src.count("|", state.bMarks[start], state.eMarks[start]) + 1
    first = state.bMarks[start]
    blank = state.src.find("\n\n", first)
    rows = state.src.count("\n", first, blank if blank >= 0 else None)
    return columns * rows <= _MAX_CELLS and table_rule(state, start, end, silent)


def _few_brackets(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def bounded(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(("[", "!["), state.pos):
            return False
        state.env["brackets"] = state.env.get("brackets", 0) + 1
        return state.env["brackets"] <= _MAX_BRACKETS and rule(state, silent)

    return bounded


def _chat(state: StateCore) -> None:
    """Core rule: mentions and emoji in text; images become links; links to nowhere become text."""
    for token in state.tokens:
        if token.children:
            if max(child.level for child in token.children) > _MAX_DEPTH:
                raise TooComplex
            token.children = list(_decorated(token.children))


def _decorated(children: list[Token]) -> Iterator[Token]:
    inside: Token | None = None  # the link that we are in
    before = ""
    for child in children:
        if child.type == "link_open":
            inside = child
        if child.type == "image":
            yield from _image(child, inside)
        elif child.type == "text" and not inside:
            yield from _speech(child.content, before)
        elif child.type == "text" and inside and inside.info != "auto":
            yield _text(replace_emoji(child.content))
        elif not child.type.startswith("link_") or (inside and inside.attrs["href"]):
            yield child
        if child.type == "link_close":
            inside = None
        before = child.content[-1:] or ("" if child.type.endswith("break") else before)


def _speech(text: str, before: str) -> Iterator[Token]:
    end = 0
    for start, stop, name in find_mentions(text, before):
        yield _text(replace_emoji(text[end:start]))
        yield Token("mention", "", 0, content=text[start:stop], meta={"name": name})
        end = stop
    yield _text(replace_emoji(text[end:]))


def _image(image: Token, inside: Token | None) -> Iterator[Token]:
    address = str(image.attrs["src"])
    if inside or not address:
        yield _text(image.content or address)
        return
    yield Token("link_open", "a", 1, attrs={"href": address})
    yield _text(image.content or address)
    yield Token("link_close", "a", -1)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


MARKDOWN: Final = _parser(bare_links=True)
_WITHOUT_BARE_LINKS: Final = _parser(bare_links=False)
