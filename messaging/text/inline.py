"""What becomes of the inline tokens of a text: mentions, emoji, images, links without text, escaped marks."""

from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .bounds import refuse_depth
from .cleaning import is_visible
from .emoji import replace_emoji
from .mentions import find_mentions

_QUOTE_DEPTH: Final = {"blockquote_open": 1, "blockquote_close": -1}


def decorate(state: StateCore) -> None:
    """Core rule: find mentions (not in quotes) and emoji, and turn images into links."""
    quotes = 0
    for token in state.tokens:
        quotes += _QUOTE_DEPTH.get(token.type, 0)
        if token.children:
            refuse_depth(token.children)
            token.children = list(_decorated(token.children, with_mentions=quotes == 0))


def _decorated(children: Sequence[Token], with_mentions: bool) -> Iterator[Token]:
    before = ""  # the last character
    position = 0
    while position < len(children):
        child = children[position]
        if child.type == "link_open":
            end = next(at for at in range(position, len(children)) if children[at].type == "link_close")
            yield from _link(child, children[position + 1 : end], children[end])
            position = end
        elif child.type == "image":
            yield from _image(child)
        elif child.type == "escape":
            yield _text(child.content)
        elif child.type == "text":
            yield from _mentions_and_text(child.content, before) if with_mentions else [_emoji(child)]
        else:
            yield child
        before = child.content[-1:] or ("" if child.type.endswith("break") else before)
        position += 1


def _mentions_and_text(text: str, before: str) -> Iterator[Token]:
    end = 0
    for mention in find_mentions(text, before):
        stop = mention.start + 1 + len(mention.names[0])
        yield _text(replace_emoji(text[end : mention.start]))
        yield Token("mention", "", 0, content=text[mention.start : stop], meta={"mention": mention})
        end = stop
    yield _text(replace_emoji(text[end:]))


def _link(opening: Token, inside: Sequence[Token], closing: Token) -> Iterator[Token]:
    """A link. Without any visible text it shows its address. A title would be lost in an attribute."""
    address = str(opening.attrs["href"])
    if opening.info != "auto":
        inside = [_text(_alternative_of(each)) if each.type == "image" else _emoji(each) for each in inside]
    if address:
        yield opening
    yield from inside
    if address and not is_visible("".join(each.content for each in inside)):
        yield _text(address)
    if address:
        yield closing
    if title := opening.attrs.pop("title", ""):
        yield _text(f' "{title}"')


def _image(image: Token) -> Iterator[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": image.attrs["src"]})
    if title := image.attrs.get("title"):
        opening.attrs["title"] = title
    yield from _link(opening, [_text(image.content)], Token("link_close", "a", -1))


def _alternative_of(image: Token) -> str:
    return image.content if is_visible(image.content) else str(image.attrs["src"])


def _emoji(token: Token) -> Token:
    return _text(replace_emoji(token.content)) if token.type == "text" else token


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
