"""The HTML of a message, and the people whom it mentions."""

from collections.abc import Collection, Sequence
from html import escape
from typing import Any, Final

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from .bounds import TooComplex
from .cleaning import remove_forbidden
from .highlighting import MAX_HIGHLIGHTED, highlight, is_affordable, language_of
from .markdown import MARKDOWN, parse
from .mentions import MENTION, find_mentions, mention_span
from .plain import is_plain, plain_html
from .sanitizing import sanitize

# Stored beside each message's HTML. Increase it whenever the same text is rendered differently than before.
RENDERER_VERSION: Final = 1


def render(content: str, usernames: Collection[str] = ()) -> str:
    """Return safe HTML for a text. The same text and names always give the same HTML.

    A text of 10,000 characters takes less than 100 ms, even a hostile one.

    Args:
        content: a result of `clean_text`.
        usernames: of the people whose mentions are marked, in upper or lower case.
    """
    if is_plain(content):
        return plain_html(content)
    return render_markdown(content, usernames)


def render_markdown(content: str, usernames: Collection[str] = ()) -> str:
    """Render without the fast path for plain text."""
    content = remove_forbidden(content)
    names = frozenset(name.lower() for name in usernames) if "@" in content else frozenset()
    env: dict[str, object] = {"usernames": names}
    try:
        html = _RENDERER.render(parse(content, env), MARKDOWN.options, env)
    except TooComplex:
        html = plain_html(content, names)
    # Character references (such as &#8238;) can bring back what clean_text removed.
    return sanitize(remove_forbidden(html)).strip("\n")


def mentioned(content: str) -> frozenset[str]:
    """Return the user names, in lower case, that a text mentions outside code and links."""
    if "@" not in content or not MENTION.search(content := remove_forbidden(content)):
        return frozenset()
    try:
        tokens = parse(content)
    except TooComplex:
        return frozenset(name for _, _, name in find_mentions(content))
    children = (child for token in tokens for child in token.children or ())
    return frozenset(child.meta["name"] for child in children if child.type == "mention")


class _Renderer(RendererHTML):
    """The tokens that are rendered differently than in CommonMark."""

    def heading_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "<p><strong>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "</strong></p>\n"

    def mention(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        mention = tokens[index]
        return mention_span(mention.content) if mention.meta["name"] in env["usernames"] else mention.content

    def fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        code, language = tokens[index].content, language_of(tokens[index].info)
        if language is None:
            return f"<pre><code>{escape(code)}</code></pre>\n"
        total = env.get("highlighted", 0) + len(code)
        if total > MAX_HIGHLIGHTED or not is_affordable(code, language):
            html = escape(code)
        else:
            env["highlighted"] = total
            html = highlight(code, language)
        return f'<pre><code class="language-{language}">{html}</code></pre>\n'


_RENDERER: Final = _Renderer()
