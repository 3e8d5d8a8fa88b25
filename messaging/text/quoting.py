"""A text as a quotation, with which a reply begins; and a comment with a link below it."""

from typing import Final

from .rendering import render

LONGEST: Final = 1_000  # characters of the text; a reply says more than what it quotes


def quotation(content: str) -> str:
    """The lines of a text after `> `, as far as LONGEST allows, and below them an empty line to go on."""
    if len(content) > LONGEST:
        content = f"{content[:LONGEST].rsplit(None, 1)[0]} …"
        if content.rpartition("\n\n")[2].count("||") % 2:
            content += "||"  # a spoiler that was cut off stays hidden
    lines = (f"> {line}".rstrip() for line in content.splitlines())
    return "\n".join(lines) + "\n\n"


def with_link(comment: str, link: str) -> str:
    """A comment with the link to a message below it; above it where the comment would swallow the link, for
    example if it ends in code that is still open."""
    below = f"{comment}\n\n{link}" if comment else link
    return below if f'<a href="{link}"' in render(below) else f"{link}\n\n{comment}"
