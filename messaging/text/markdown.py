"""CommonMark with the extensions of a chat, without what a chat does not need, in bounded time.

Which rules differ, and why: docs/decisions/0019-markdown-as-people-type-it.md.
"""

from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .blocks import end_item, end_quote, list_as_typed, number_items, table_as_typed
from .bounds import MAX_DEPTH, bound
from .directions import set_directions
from .escapes import escape
from .fences import fence, fence_after_text
from .inline import decorate
from .links import MAX_BARE_LINKS, BoundedLinkify, count_hints, is_safe_address, link_as_typed, normal_address
from .spoilers import find_spoilers
from .tasks import find_tasks

_ANY_BLOCK: Final = ["paragraph", "reference", "blockquote", "list"]


def parse(content: str, env: dict[str, object] | None = None) -> list[Token]:
    """Return the tokens of a text. Mentions are children of type "mention", with a `Mention` in `meta`.

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
    # Otherwise "[note]: see below" would disappear as the definition of a reference, "&amp;" would not be
    # shown as it was typed, and the line above "---" would be a heading.
    parser.disable(["reference", "entity", "lheading"])
    bound(parser)
    blocks = parser.block.ruler
    blocks.at("fence", fence, {"alt": _ANY_BLOCK})
    blocks.before("paragraph", "fence_after_text", fence_after_text, {"alt": ["paragraph"]})
    blocks.at("list", list_as_typed, {"alt": ["paragraph", "reference", "blockquote"]})
    blocks.at("table", table_as_typed, {"alt": ["paragraph", "reference"]})
    blocks.before("paragraph", "end_quote", end_quote, {"alt": ["blockquote"]})
    blocks.before("paragraph", "end_item", end_item, {"alt": ["paragraph"]})
    parser.inline.ruler.at("escape", escape)
    parser.inline.ruler.at("linkify", link_as_typed)
    parser.core.ruler.push("number_items", number_items)
    parser.core.ruler.push("directions", set_directions)
    parser.core.ruler.push("tasks", find_tasks)
    parser.core.ruler.push("spoilers", find_spoilers)
    parser.core.ruler.push("decorate", decorate)
    parser.linkify = BoundedLinkify()
    # An address is shown as it was typed. Decoded, it could show look-alike letters and bidi overrides.
    parser.validateLink = is_safe_address  # type: ignore[method-assign,assignment]
    parser.normalizeLink = normal_address  # type: ignore[method-assign,assignment]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return parser


MARKDOWN: Final = _parser(bare_links=True)
_WITHOUT_BARE_LINKS: Final = _parser(bare_links=False)
