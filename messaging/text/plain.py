"""Text in which nothing has a meaning: most of what people say to each other."""

import re
from html import escape

from .cleaning import FORBIDDEN_CLASS
from .emoji import EMOJI_PATTERN
from .links import LINK_PATTERN
from .mentions import find_mentions, mention_span

# Everything that Markdown, links, emoji or mentions *might* see something in. It errs on the safe side:
# a match only means the long way. That the long way gives the same for the rest is held by a property test.
_SPECIAL = re.compile(
    rf"""
      [\\`\x09\u200b-\u200d\U000e0020-\U000e007f{FORBIDDEN_CLASS}]
    | \*[^*]*\*                                         # emphasis
    | (?<![A-Za-z0-9])_ | _(?![A-Za-z0-9])              # snake_case_names mean nothing
    | ~~
    | \]\(                                              # a link or an image
    | <[^<>\s]*>                                        # <https://example.com>
    | &[#\w]+;
    | {LINK_PATTERN}
    | {EMOJI_PATTERN}
    | ^(?: > | \#{{1,6}}(?!\S) | [-+*](?![^\s*-]) | \d+[.)](?!\S) )
    | \n[-=|:+*\s]                                      # second lines make tables and headings of first ones
    | [ ]\n
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def is_plain(content: str) -> bool:
    """Whether the text, cleaned, means nothing but itself."""
    return _SPECIAL.search(content) is None and content == content.strip() and content != ""


def escape_text(text: str) -> str:
    """Escape as nh3 does, so that both ways of rendering give the same."""
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def plain_html(content: str, usernames: frozenset[str] = frozenset()) -> str:
    """Return the text as one paragraph, line by line, with these people's mentions marked."""
    parts, end = [], 0
    for start, stop, name in find_mentions(content) if usernames else ():
        if name in usernames:
            parts += [escape_text(content[end:start]), mention_span(content[start:stop])]
            end = stop
    html = "".join([*parts, escape_text(content[end:])])
    return "<p>" + html.replace("\n", "<br>\n") + "</p>"
