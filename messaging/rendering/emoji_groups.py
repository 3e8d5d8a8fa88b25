"""All emoji that one can react with, in groups, as buttons; and the picture of a custom one."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from messaging.models import CustomEmoji
from messaging.text.emoji_choice import every_emoji, names_of, spoken, takes_tone


class EmojiButton(NamedTuple):
    """`shown` is its HTML, `names` are those that one can type between colons."""

    emoji: str
    shown: str
    spoken: str
    names: str
    takes_tone: bool = False

    @property
    def lines(self) -> str:
        """The names alone, one on each line."""
        return "\n".join(self.names.replace(":", "").split())


def picture_html(typed: str, picture: str) -> SafeString:
    """The picture of a custom emoji. It is loaded when it comes into sight, since lists of them are long.

    Args:
        typed: its name between colons.
        picture: the picture's file name.
    """
    source = "/emoji/" + picture
    return format_html('<img class="custom-emoji" src="{}" alt="{}" loading="lazy">', source, typed)


def custom_buttons(emoji: Iterable[CustomEmoji]) -> list[EmojiButton]:
    """Buttons for custom emoji, whose `names` were prefetched."""
    return [
        EmojiButton(
            one.typed,
            picture_html(one.typed, one.picture_name),
            spoken(one.typed),
            _typed(one.all_names),
        )
        for one in emoji
    ]


def buttons(emoji: Iterable[str]) -> list[EmojiButton]:
    return [EmojiButton(one, one, spoken(one), _typed(names_of(one)), takes_tone(one)) for one in emoji]


def named(query: str, among: Iterable[EmojiButton]) -> list[EmojiButton]:
    """Those whose names have all words of the query in them."""
    words = query.lower().replace(":", " ").replace("_", " ").split()
    texts = {one: f"{one.names.replace('_', ' ')} {one.spoken}" for one in among}
    return [one for one, text in texts.items() if all(word in text for word in words)]


def _typed(names: Iterable[str]) -> str:
    return " ".join(f":{name}:" for name in names)


def groups() -> list[tuple[str, list[EmojiButton]]]:
    """All emoji in groups, each with its title."""
    beginnings = {  # the first emoji of each group
        "😄": _("Faces"),
        "👋": _("Hands and people"),
        "🐶": _("Animals and nature"),
        "🍎": _("Food and drink"),
        "⚽": _("Play and travel"),
        "⌚": _("Things"),
        "🎁": _("Celebrations and flags"),
        "⚠️": _("Signs"),
    }
    everything = every_emoji()
    places = [*map(everything.index, beginnings), len(everything)]
    parts = (everything[first:end] for first, end in pairwise(places))
    return [(title, buttons(part)) for title, part in zip(beginnings.values(), parts, strict=True)]
