"""The fast path for plain text without any markup, which is most messages."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from .cleaning import FORBIDDEN_CLASS
from .emoji import EMOJI_PATTERN
from .links import LINK_PATTERN
from .mentions import Mention, find_mentions, linked

NOBODY: Final[Mapping[str, int]] = MappingProxyType({})
NOWHERE: Final[Mapping[str, str]] = MappingProxyType({})

# Everything that Markdown, links or emoji *might* interpret. A match only means that the text is parsed, so
# the pattern may match too much. A property test ensures that parsing gives the same result for other text.
_SPECIAL = re.compile(
    rf"""
      [\\`\x09\u200b-\u200d\U000e0020-\U000e007f{FORBIDDEN_CLASS}]
    | \*[^*]*\*                                         # emphasis
    | (?<![A-Za-z0-9])_ | _(?![A-Za-z0-9])              # but not in snake_case_names
    | ~~
    | \|\|                                              # spoilers
    | \]\(                                              # a link or an image
    | <[^<>\s]*>                                        # <https://example.com>
    | &[#\w]+;
    | {LINK_PATTERN}
    | {EMOJI_PATTERN}
    | ^(?: > | \#{{1,6}}(?!\S) | [-+*](?![^\s*-]) | \d+[.)](?!\S) )
    | \n[-=|:+*\s]                                      # may make the line before a table or a heading
    | [ ]\n
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def is_plain(content: str) -> bool:
    """Whether the text, which must be cleaned, contains no markup."""
    return _SPECIAL.search(content) is None and content == content.strip() and content != ""


def escape_text(text: str) -> str:
    """Escape as nh3 does, so that both ways of rendering give the same result."""
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def plain_html(content: str, addresses: Mapping[str, str] = NOWHERE) -> str:
    """Return the text as one paragraph with its line breaks, and with its mentions linked.

    Args:
        addresses: name -> where its mention leads.
    """
    parts, end = [], 0
    for mention in mentions_outside_quotes(content) if addresses else ():
        if name := mention.name_among(addresses):
            stop = mention.start + 1 + len(name)
            parts += [escape_text(content[end : mention.start])]
            parts += [linked(content[mention.start : stop], addresses[name])]
            end = stop
    html = "".join([*parts, escape_text(content[end:])])
    return "<p>" + html.replace("\n", "<br>\n") + "</p>"


def mentions_outside_quotes(content: str) -> Iterator[Mention]:
    """Yield the mentions of a text that is not parsed, without those on lines that begin with ">"."""
    for mention in find_mentions(content):
        line = content.rfind("\n", 0, mention.start) + 1
        if not content[line : mention.start].lstrip().startswith(">"):
            yield mention
