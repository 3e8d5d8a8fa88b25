"""Words that are the same in every language, because people wrote them or because they are names."""

import json
import re
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import models

from messaging.models.people.time_zones import available_zones
from messaging.text.emoji import EMOJI

WORD: Final = re.compile(r"[^\W\d_]+")
ESCAPED: Final = re.compile(r'\\[\\"bfnrt]')  # signs, in JSON
INITIALS: Final = re.compile("[A-Z]{1,2}")  # of people, and single keys
# Names and signs that are the same in every language.
SAME: Final = {
    *("Parley", "UTC", "GMT", "Ctrl", "Shift", "Alt", "Enter", "Esc", "Tab", "JPEG", "PNG", "WebP", "GIF"),
}
# Of searches, the word that is offered behind "@", and two emoji that are called by other words.
EXAMPLES: Final = (
    *("from me", "high water", "in to", "is unread", "has link", "during yesterday", "draft budget", "here"),
    *("thumbs up", "thumbs down"),
)
TYPED: Final = re.compile(r"/[a-z]+|¯\\_\(ツ\)_/¯")  # commands


def words_of(texts: object) -> set[str]:
    """The words of a text, or of all texts in a list."""
    return set(WORD.findall(ESCAPED.sub(" ", json.dumps(texts, ensure_ascii=False, default=str))))


@cache
def names() -> frozenset[str]:
    """Names of emoji, places, time zones and languages, which are not translated."""
    languages, zones = dict(settings.LANGUAGES).values(), available_zones()
    known = [str(name).replace("_", " ") for name in (*EMOJI, *zones, *languages, *EXAMPLES)]
    known += [
        str(datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).tzname()) for zone in zones for month in (1, 7)
    ]
    return frozenset(SAME | words_of(known))


def stored_words() -> set[str]:
    """All words in the database."""
    words = set[str]()
    for model in apps.get_models():
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        ]
        for row in model._base_manager.values_list(*columns) if columns else ():
            words |= words_of(row)
    return words


def is_known(text: str, words: set[str]) -> bool:
    """Whether a text consists of these words, of names, and of what is typed. A "…" may cut one of them."""
    found = WORD.findall(TYPED.sub("", text))
    if found and text.rstrip().endswith(f"{found[-1]}…") and any(one.startswith(found[-1]) for one in words):
        found.pop()
    return all(word in words or word in names() or INITIALS.fullmatch(word) for word in found)
