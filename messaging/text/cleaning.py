"""Cleaning of all text that people type.

It removes characters that the database refuses, and those that hide or reorder other text.
"""

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

MAX_LENGTH: Final = 10_000

# Plane ends (U+1FFFE, U+1FFFF, …) are noncharacters in each of the 17 planes.
_PLANE_ENDS = "".join(chr((plane << 16) + end) for plane in range(17) for end in (0xFFFE, 0xFFFF))

# The inside of a character class. Soft hyphens, word joiners and the like are invisible and allow
# look-alike names. The left-to-right and right-to-left marks (U+200E, U+200F, U+061C) are allowed, since
# Hebrew and Arabic need them and they cannot reorder the text after them.
FORBIDDEN_CLASS: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u180e"
    "\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb"
    "\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff" + _PLANE_ENDS
)
_FORBIDDEN = re.compile(f"[{FORBIDDEN_CLASS}]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
# After a black flag, tag characters spell the flags of England, Scotland and Wales. Elsewhere they hide text.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]+)|[\U000e0020-\U000e007f]")
# Zero-width space, non-joiner and joiner are needed after letters of joining scripts (Arabic, Indic, Thai:
# all above U+0590) and after emoji. After Latin, Greek, Cyrillic or a space they only hide something.
_STRAY_JOINERS = re.compile("(?<![^\\s\x00-\u058f\u1e00-\u218f])[\u200b-\u200d]")
_LEADING_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
# Letters and symbols by their category that are drawn as nothing: Hangul fillers, the empty Braille cell, the
# null notehead.
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Mc", "Me", "Mn", "Zl", "Zp", "Zs"})


def clean_text(raw: str, *, max_length: int | None = MAX_LENGTH, single_line: bool = False) -> str:
    """Return the text as it is stored. Cleaning it again changes nothing.

    Args:
        raw: the text as it was typed.
        max_length: in characters, counted after cleaning; None for no limit.
        single_line: for names and topics, which are compared: replace all whitespace by single spaces, and
            characters that can be composed in several ways by one form (NFC).

    Raises:
        ValidationError: code "empty" if nothing in the text is visible, "too_long" beyond `max_length`.
    """
    text = _layout(remove_forbidden(_LINE_ENDS.sub("\n", raw)), single_line)
    if not is_visible(text):
        raise ValidationError(_("Enter some visible text."), code="empty")
    if max_length is not None and len(text) > max_length:
        raise ValidationError(
            _("This text has %(length)s characters; the limit is %(limit)s."),
            code="too_long",
            params={"length": _grouped(len(text)), "limit": _grouped(max_length)},
        )
    return text


def _grouped(number: int) -> str:
    return str(number_format(number, use_l10n=True, force_grouping=True))


def remove_forbidden(text: str) -> str:
    """Remove what is never stored or shown: control characters, surrogates, bidi overrides, stray joiners."""
    text = _TAGS.sub(r"\1", _FORBIDDEN.sub("", text))
    return _STRAY_JOINERS.sub("", text)


def is_visible(text: str) -> bool:
    """Whether the text contains a character that is drawn."""
    return any(
        character not in _BLANK_LETTERS and unicodedata.category(character) not in _INVISIBLE
        for character in text
    )


def _layout(text: str, single_line: bool) -> str:
    if single_line:
        return " ".join(unicodedata.normalize("NFC", text).split())
    return _LEADING_BLANK_LINES.sub("", text.rstrip())
