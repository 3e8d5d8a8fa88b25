"""Commands that stand at the start of a text, as in "/topic Low water": how they are told from other texts.

What looks like a command is a slash, one word of English letters, and then a space or the end. So
"/etc/passwd is missing", "/ 2" and "/2 of us" are texts. A space or a second slash before it makes it a text.

"/msg@ben" and "/msg: Hi" look like commands too, so that they are refused: they are most likely mistyped.
"""

import re
from typing import Final, NamedTuple

ME: Final = "me"
SHRUG: Final = "shrug"
SHRUGGING: Final = r"¯\_(ツ)_/¯"
_COMMAND: Final = re.compile(
    r"/(?:([a-z]{1,20}|\?)(?:\s+(.*))?|([a-z]{1,20}[@:])(.*))", re.IGNORECASE | re.DOTALL
)
_ESCAPED: Final = re.compile(r"/" + _COMMAND.pattern.replace("/", "/+", 1), _COMMAND.flags)


class TypedCommand(NamedTuple):
    """A text that looks like a command: its `name` in lowercase, and `rest`, the text after the name.

    If an @ or a colon follows directly, it belongs to `name`, as in "msg:", which is no command then.
    """

    name: str
    rest: str

    @property
    def is_text(self) -> bool:
        """Whether it is replaced by a text, which is sent (`text_of`)."""
        return self.name in (ME, SHRUG)


def command_in(text: str) -> TypedCommand | None:
    """The command that a text looks like, whether there is such a command or not."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    return TypedCommand((found[1] or found[3]).lower(), (found[2] or found[4] or "").strip())


def text_of(typed: str) -> str:
    """The text that is sent for what was typed: "/me waves" is waves in italics, "//topic" is "/topic"."""
    command = command_in(typed)
    if command and command.name == ME and command.rest:
        return _in_italics(command.rest)
    if command and command.name == SHRUG:
        return f"{command.rest} {SHRUGGING}".strip()
    return typed[1:] if _ESCAPED.fullmatch(typed) else typed


def is_no_text(typed: str) -> bool:
    """Whether it looks like a command, except those that are replaced by a text."""
    return command_in(typed) is not None and text_of(typed) == typed


def typed_as_text(text: str) -> str:
    """What has to be typed to send this text: the inverse of `text_of`."""
    return f"/{text}" if command_in(text) or _ESCAPED.fullmatch(text) else text


def _in_italics(text: str) -> str:
    """Each line in italics, since emphasis in Markdown cannot span a blank line."""
    mark = "_" if "*" in text else "*"
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(f"{mark}{line}{mark}" if line else "" for line in lines)
