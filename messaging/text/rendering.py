"""The HTML of a message, and the people whom it mentions."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any, Final

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from .bounds import TooComplex
from .cleaning import is_visible, remove_forbidden
from .emoji import NO_PICTURES, Pictures, emoji_image
from .excerpts import text_parts
from .highlighting import MAX_HIGHLIGHTED, highlight, is_affordable, language_of
from .large_emoji import enlarge
from .markdown import MARKDOWN, parse
from .mentions import MENTION, Mention, addresses_of, linked
from .plain import NOBODY, NOWHERE, is_plain, mentions_outside_quotes, plain_html
from .room_names import NO_ROOMS, Rooms, room_link
from .sanitizing import sanitize
from .tasks import BOXES

# Stored beside each message's HTML. Increase it whenever the same text is rendered differently than before.
RENDERER_VERSION: Final = 5


def render(
    content: str,
    people: Mapping[str, int] = NOBODY,
    emoji: Pictures = NO_PICTURES,
    many: Mapping[str, str] = NOWHERE,
    rooms: Rooms = NO_ROOMS,
) -> str:
    """Return safe HTML for a text. The same arguments always give the same HTML.

    A text of 10,000 characters takes less than 50 ms, even a hostile one.

    Args:
        content: a result of `clean_text`; or empty, as beside files.
        people: username, in lower case -> id of those whose mentions are linked.
        emoji: the custom emoji that are shown as pictures: name -> file name.
        many: name, in lower case -> address of what is many people, such as "room".
        rooms: those that are linked where a # is before their name (`room_names`).
    """
    if not content:
        return ""
    is_fast = not rooms and is_plain(content)
    html = plain_html(content) if is_fast else render_markdown(content, people, emoji, many, rooms)
    return enlarge(html)


def render_markdown(
    content: str,
    people: Mapping[str, int] = NOBODY,
    emoji: Pictures = NO_PICTURES,
    many: Mapping[str, str] = NOWHERE,
    rooms: Rooms = NO_ROOMS,
) -> str:
    """Render without the fast path for plain text, and before emoji are enlarged."""
    content = remove_forbidden(content)
    addresses = addresses_of(people, many)
    env: dict[str, object] = {"addresses": addresses, "emoji": emoji, "rooms": rooms}
    try:
        html = _RENDERER.render(parse(content, env), MARKDOWN.options, env)
    except TooComplex:
        html = plain_html(content, addresses)
    html = sanitize(remove_forbidden(html)).strip("\n")
    # A list without items, say, would be a blank message.
    return html if any(map(is_visible, text_parts(html))) else plain_html(content)


def mentioned(
    content: str, usernames: Collection[str] | None = None, rooms: Rooms = NO_ROOMS
) -> frozenset[str]:
    """Return the usernames, in lower case, that a text mentions outside code, links, quotes and room names.

    Args:
        usernames: of the people who exist. Without them, all names are returned that may be meant: "ada" and
            "ada." where "@ada." is typed.
        rooms: those that are linked where a # is before their name, as in `render`.
    """
    mentions = _mentions_in(content, rooms)
    if usernames is None:
        return frozenset(name for mention in mentions for name in mention.names)
    return frozenset(filter(None, (mention.name_among(usernames) for mention in mentions)))


def _mentions_in(content: str, rooms: Rooms) -> list[Mention]:
    if "@" not in content or not MENTION.search(content := remove_forbidden(content)):
        return []
    try:
        tokens = parse(content, {"rooms": rooms})
    except TooComplex:
        return list(mentions_outside_quotes(content))
    children = (child for token in tokens for child in token.children or ())
    return [child.meta["mention"] for child in children if child.type == "mention"]


class _Renderer(RendererHTML):
    """The tokens that are rendered differently than in CommonMark."""

    def heading_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "<p><strong>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "</strong></p>\n"

    def mention(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        text, name = tokens[index].content, tokens[index].meta["mention"].name_among(env["addresses"])
        if name is None:
            return text
        stop = 1 + len(name)
        return linked(text[:stop], env["addresses"][name]) + text[stop:]

    def custom_emoji(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return emoji_image(tokens[index].content, tokens[index].meta["picture"])

    def task(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return BOXES[tokens[index].meta["is_done"]] + " "

    def room(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return room_link(tokens[index].content, tokens[index].meta["room"])

    def code_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f'<pre><code dir="ltr">{escape(tokens[index].content)}</code></pre>\n'

    def fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        code, language = tokens[index].content, language_of(tokens[index].info)
        if language is None:
            return self.code_block(tokens, index, options, env)
        total = env.get("highlighted", 0) + len(code)
        if total > MAX_HIGHLIGHTED or not is_affordable(code, language):
            html = escape(code)
        else:
            env["highlighted"] = total
            html = highlight(code, language)
        return f'<pre><code dir="ltr" class="language-{language}">{html}</code></pre>\n'


_RENDERER: Final = _Renderer()
