"""What becomes of the inline tokens of a text: mentions, rooms, emoji, images, links without text, escapes.

A custom emoji becomes a token of the type "custom_emoji", whose content is its name as it was typed; a room
that is named one of the type "room", with its sign.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .bounds import refuse_depth
from .cleaning import is_visible
from .emoji import NO_PICTURES, Pictures, split_emoji
from .mentions import find_mentions
from .room_names import NO_ROOMS, Rooms, find_rooms

_QUOTE_DEPTH: Final = {"blockquote_open": 1, "blockquote_close": -1}


def decorate(state: StateCore) -> None:
    """Core rule: find mentions (not in quotes), rooms and emoji, and turn images into links."""
    quotes, pictures = 0, state.env.get("emoji", NO_PICTURES)
    rooms = state.env.get("rooms", NO_ROOMS)
    for token in state.tokens:
        quotes += _QUOTE_DEPTH.get(token.type, 0)
        if token.children:
            refuse_depth(token.children)
            token.children = list(_decorated(token.children, quotes == 0, pictures, rooms))


def _decorated(
    children: Sequence[Token], with_mentions: bool, pictures: Pictures, rooms: Rooms
) -> Iterator[Token]:
    before = ""  # the last character
    position = 0
    while position < len(children):
        child = children[position]
        if child.type == "link_open":
            end = next(at for at in range(position, len(children)) if children[at].type == "link_close")
            yield from _link(child, children[position + 1 : end], children[end], pictures)
            position = end
        elif child.type == "image":
            yield from _image(child, pictures)
        elif child.type == "escape":
            yield _text(child.content)
        elif child.type == "text":
            end = 0
            for room in find_rooms(child.content, before, rooms):
                yield from _words(child.content[end : room.start], before, with_mentions, pictures)
                name = child.content[room.start : room.stop]
                yield Token("room", "", 0, content=name, meta={"room": room.pk})
                end, before = room.stop, name[-1]
            yield from _words(child.content[end:], before, with_mentions, pictures)
        else:
            yield child
        before = child.content[-1:] or ("" if child.type.endswith("break") else before)
        position += 1


def _words(text: str, before: str, with_mentions: bool, pictures: Pictures) -> Iterator[Token]:
    return _mentions_and_text(text, before, pictures) if with_mentions else _with_emoji(text, pictures)


def _mentions_and_text(text: str, before: str, pictures: Pictures) -> Iterator[Token]:
    end = 0
    for mention in find_mentions(text, before):
        stop = mention.start + 1 + len(mention.names[0])
        yield from _with_emoji(text[end : mention.start], pictures)
        yield Token("mention", "", 0, content=text[mention.start : stop], meta={"mention": mention})
        end = stop
    yield from _with_emoji(text[end:], pictures)


def _link(opening: Token, inside: Sequence[Token], closing: Token, pictures: Pictures) -> Iterator[Token]:
    """A link. Without any visible text it shows its address. A title would be lost in an attribute."""
    address = str(opening.attrs["href"])
    if opening.info != "auto":
        inside = [shown for each in inside for shown in _in_link(each, pictures)]
    if address:
        yield opening
    yield from inside
    if address and not is_visible("".join(each.content for each in inside)):
        yield _text(address)
    if address:
        yield closing
    if title := opening.attrs.pop("title", ""):
        yield _text(f' "{title}"')


def _image(image: Token, pictures: Pictures) -> Iterator[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": image.attrs["src"]})
    if title := image.attrs.get("title"):
        opening.attrs["title"] = title
    yield from _link(opening, [_text(image.content)], Token("link_close", "a", -1), pictures)


def _alternative_of(image: Token) -> str:
    return image.content if is_visible(image.content) else str(image.attrs["src"])


def _in_link(token: Token, pictures: Pictures) -> Iterator[Token]:
    if token.type == "image":
        yield _text(_alternative_of(token))
    elif token.type == "text":
        yield from _with_emoji(token.content, pictures)
    else:
        yield token


def _with_emoji(text: str, pictures: Pictures) -> Iterator[Token]:
    for part, picture in split_emoji(text, pictures):
        if picture:
            yield Token("custom_emoji", "", 0, content=part, meta={"picture": picture})
        else:
            yield _text(part)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
