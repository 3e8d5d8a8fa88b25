"""CommonMark with the extensions of a chat, without what a chat does not need, in bounded time."""

from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .bounds import MAX_DEPTH, bound, refuse_depth
from .emoji import replace_emoji
from .links import MAX_BARE_LINKS, BoundedLinkify, count_hints, is_safe_address, link_as_typed, normal_address
from .mentions import find_mentions


def parse(content: str, env: dict[str, object] | None = None) -> list[Token]:
    """Return the tokens of a text. Mentions are children of type "mention", with the user name in `meta`.

    Raises:
        TooComplex: the text exceeds a limit (`bounds`).
    """
    parser = MARKDOWN if count_hints(content) <= MAX_BARE_LINKS else _WITHOUT_BARE_LINKS
    return parser.parse(content, env if env is not None else {})


def _parser(*, bare_links: bool) -> MarkdownIt:
    options = {"html": False, "breaks": True, "linkify": bare_links, "maxNesting": MAX_DEPTH + 4}
    parser = MarkdownIt("commonmark", options).enable(["strikethrough", "table"])
    if bare_links:
        parser.enable("linkify")
    # Otherwise a line such as "[note]: see below" would disappear, as the definition of a reference.
    parser.disable("reference")
    bound(parser)
    parser.inline.ruler.at("linkify", link_as_typed)
    parser.core.ruler.push("chat", _chat)
    parser.linkify = BoundedLinkify()
    # An address is shown as it was typed. Decoded, it could show look-alike letters and bidi overrides.
    parser.validateLink = is_safe_address  # type: ignore[method-assign,assignment]
    parser.normalizeLink = normal_address  # type: ignore[method-assign,assignment]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return parser


def _chat(state: StateCore) -> None:
    """Core rule: find mentions and emoji in text, turn images into links, and empty links into text."""
    for token in state.tokens:
        if token.children:
            refuse_depth(token.children)
            token.children = list(_decorated(token.children))


def _decorated(children: list[Token]) -> Iterator[Token]:
    inside: Token | None = None  # the open link
    before = ""
    for child in children:
        if child.type == "link_open":
            inside = child
        if child.type == "image":
            yield from _image(child, inside)
        elif child.type == "text" and not inside:
            yield from _mentions_and_text(child.content, before)
        elif child.type == "text" and inside and inside.info != "auto":
            yield _text(replace_emoji(child.content))
        elif not child.type.startswith("link_") or (inside and inside.attrs["href"]):
            yield child
        if child.type == "link_close":
            inside = None
        before = child.content[-1:] or ("" if child.type.endswith("break") else before)


def _mentions_and_text(text: str, before: str) -> Iterator[Token]:
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
