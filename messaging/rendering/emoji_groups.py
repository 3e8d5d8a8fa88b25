"""All emoji that one can react with, in groups, as buttons."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from messaging.text.emoji_choice import every_emoji, names_of, spoken, takes_tone


class EmojiButton(NamedTuple):
    """`names` are those that one can type between colons."""

    emoji: str
    spoken: str
    names: str
    takes_tone: bool


def buttons(emoji: Iterable[str]) -> list[EmojiButton]:
    return [
        EmojiButton(one, spoken(one), " ".join(f":{name}:" for name in names_of(one)), takes_tone(one))
        for one in emoji
    ]


def emoji_named(query: str) -> list[str]:
    """Those whose names have all words of the query in them."""
    words = query.lower().replace(":", " ").replace("_", " ").split()
    return [
        one
        for one in every_emoji()
        if all(word in f"{' '.join(names_of(one)).replace('_', ' ')} {spoken(one)}" for word in words)
    ]


def groups() -> list[tuple[str, list[EmojiButton]]]:
    """Every emoji, by groups with their titles. A group begins with an emoji of the table."""
    beginnings = {
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
