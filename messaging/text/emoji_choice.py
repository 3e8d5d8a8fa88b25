"""One emoji that somebody chooses, as for a reaction: those of the table, their names and skin tones."""

import re
from typing import Final, NamedTuple

from .emoji import EMOJI

TONES: Final = "🏻🏼🏽🏾🏿"  # from light to dark
# Those of the table that are drawn in a skin tone (Unicode: Emoji_Modifier_Base).
_TONED: Final = frozenset("👋✋👌🤌✌🤞🤘🤙👈👉☝👆👇👍👎✊👊👏🙌👐🤝🙏✍💪👂🤦🤷🙆🙅🙋🙇🏃🚶💃🕵🥷👶")
_AS_PICTURE: Final = "\ufe0f"  # after a sign that is shown as text otherwise
_SPOKEN: Final = {
    "+1": "thumbs up",
    "-1": "thumbs down",
    "thumbsup": "thumbs up",
    "thumbsdown": "thumbs down",
}


class Choice(NamedTuple):
    """An emoji as it was chosen, and `base`, the same without a skin tone."""

    emoji: str
    base: str


def _bare(emoji: str) -> str:
    return re.sub(f"[{TONES}{_AS_PICTURE}]", "", emoji)


_BASES: Final = {_bare(emoji): emoji for emoji in EMOJI.values()}
_NAMES: Final[dict[str, list[str]]] = {}
for _name, _emoji in EMOJI.items():
    _NAMES.setdefault(_emoji, []).append(_name)


def names_of(base: str) -> list[str]:
    """The names of an emoji of the table, such as ["+1", "thumbsup"]."""
    return _NAMES[base]


def every_emoji() -> list[str]:
    """Every emoji of the table, in its order."""
    return list(_NAMES)


def takes_tone(base: str) -> bool:
    return base[0] in _TONED


def in_tone(base: str, tone: str) -> str:
    """The emoji in a skin tone: one of `TONES`, or "" for none. One that has no skin stays as it is."""
    if not tone or not takes_tone(base):
        return base
    return base[0] + tone + base[1:].removeprefix(_AS_PICTURE)


def choice_of(text: str, tone: str = "") -> Choice | None:
    """The emoji that a text names: itself, in a skin tone or none, or a name between colons. None if it is
    not in the table.

    Args:
        tone: the skin tone, if the text has none. Anything but one of `TONES` is no tone.
    """
    text = text.strip()
    if name := name_in(text):
        text = EMOJI.get(name, "")
    base = _BASES.get(_bare(text))
    if base is None:
        return None
    found = re.search(f"[{TONES}]", text) or re.fullmatch(f"[{TONES}]", tone)
    return Choice(in_tone(base, found[0] if found else ""), base)


def typed_emoji(text: str) -> str:
    """What a message like "+:tada:" or "+🎉" reacts with, if that is an emoji; "" for any other message.

    With script, `static/js/reactions.js` decides instead, and sends what it does not recognise as text.
    """
    found = re.fullmatch(r"\+ ?(\S+)", text.strip())
    return found[1] if found else ""


def name_in(text: str) -> str:
    """The name that stands between colons; "" if the text is anything else."""
    text = text.strip()
    return text[1:-1] if text.startswith(":") and text.endswith(":") else ""


def spoken(base: str) -> str:
    """What a screen reader calls it: "thumbs up". A custom emoji is its name between colons. One that is not
    in the table is called what it is: screen readers know most emoji themselves."""
    name = name_in(base) or _NAMES.get(base, [base])[0]
    return _SPOKEN.get(name, name.replace("_", " "))
