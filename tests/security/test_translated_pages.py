"""Every page, in a language that marks each translated text: else nothing is shown but people's words."""

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import models
from pytest_django import Settings

from messaging.models import User
from messaging.models.people.time_zones import available_zones
from messaging.text.emoji import EMOJI
from tests import pseudo
from tests.security.matrix import RULES
from tests.security.outcomes import SIGNED_OUT
from tests.security.test_authorisation import FORM, addresses, ask
from tests.security.world import World
from tests.views.page import FRAGMENT
from tests.visible_texts import bare_texts

pytestmark = pytest.mark.django_db
LANGUAGE = "en-au"
CELLS: tuple[tuple[str, str, dict[str, str]], ...] = (
    *(("author", "GET", {}), ("author", "GET", FRAGMENT), ("author", "POST", {})),
    *(("administrator", "GET", {}), ("administrator", "POST", {}), (SIGNED_OUT, "GET", {})),
)
WORD = re.compile(r"[^\W\d_]+")
INITIALS = re.compile("[A-Z]{1,2}")  # of people, and single keys
# Names and signs that are the same in every language.
SAME = {"Parley", "UTC", "GMT", "Ctrl", "Shift", "Alt", "Enter", "Esc", "Tab", "JPEG", "PNG", "WebP", "GIF"}
# Of searches, the word that is offered behind "@", and two emoji that are called by other words.
EXAMPLES = (
    *("from me", "high water", "in to", "is unread", "has link", "during yesterday", "draft budget", "here"),
    *("thumbs up", "thumbs down"),
)
TYPED = re.compile(r"/[a-z]+|¯\\_\(ツ\)_/¯")  # commands


@pytest.fixture
def marked(settings: Settings, tmp_path: Path) -> None:
    pseudo.write(tmp_path, "en_AU")
    settings.LANGUAGES = [*settings.LANGUAGES, (LANGUAGE, "Marked")]
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]


def words_of_people() -> set[str]:
    """All words that are stored, and names of emoji, places and languages, which are not translated."""
    words = set(SAME)
    languages = dict(settings.LANGUAGES).values()
    for name in (*EMOJI, *available_zones(), *languages, *EXAMPLES, FORM["content"]):
        words.update(WORD.findall(str(name).replace("_", " ")))
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        ]
        for row in model._base_manager.values_list(*names) if names else ():
            words.update(WORD.findall(json.dumps(row, ensure_ascii=False, default=str)))
    return words


def untranslated(world: World) -> dict[str, str]:
    """Each text that no translation has, with the first page that shows it."""
    known, found = words_of_people(), dict[str, str]()
    for name in RULES:
        _place, address = next(addresses(name, world))
        for persona, method, headers in CELLS:
            answer = ask(world.browser(persona), method, address, {**headers, "Accept-Language": LANGUAGE})
            if answer.get("Content-Type", "").startswith("text/html"):
                for text in bare_texts(answer.getvalue().decode()):
                    words = WORD.findall(TYPED.sub("", text))
                    if not all(word in known or INITIALS.fullmatch(word) for word in words):
                        found.setdefault(text, f"{name}: {method} {address} as {persona}")
    return found


def test_no_page_shows_a_text_that_cannot_be_translated(marked: None, world: World) -> None:
    User.objects.update(language=LANGUAGE)
    for alias in ("pages", "fragments"):
        caches[alias].clear()
    assert untranslated(world) == {}
