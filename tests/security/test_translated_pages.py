"""Every page, in a language that marks each translated text: else nothing is shown but people's words."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import models
from pytest_django import Settings

from messaging.models import User
from tests import pseudo
from tests.security.matrix import RULES
from tests.security.test_authorisation import addresses, ask
from tests.security.world import World
from tests.views.page import FRAGMENT
from tests.visible_texts import bare_texts

pytestmark = pytest.mark.django_db
LANGUAGE = "en-au"
WORD = re.compile(r"[^\W\d_]+")
# Names and signs that are the same in every language.
SAME = {
    *("Parley", "UTC", "GMT", "Ctrl", "Shift", "Alt", "Enter", "Esc", "Tab"),
    *("Markdown", "JPEG", "PNG", "WebP", "GIF"),
}


@pytest.fixture
def marked(settings: Settings, tmp_path: Path) -> None:
    pseudo.write(tmp_path, "en_AU")
    settings.LANGUAGES = [*settings.LANGUAGES, (LANGUAGE, "Marked")]
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]


def words_of_people() -> set[str]:
    """All words that are stored."""
    words = set(SAME)
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        ]
        for row in model._base_manager.values_list(*names) if names else ():
            words.update(WORD.findall(json.dumps(row, ensure_ascii=False, default=str)))
    return words


def untranslated(world: World) -> Iterator[str]:
    known = words_of_people()
    for name in RULES:
        for _place, address in addresses(name, world):
            for persona in ("author", "administrator", "anonymous"):
                for method, headers in (("GET", {}), ("GET", FRAGMENT), ("POST", {})):
                    answer = ask(world.browser(persona), method, address, headers)
                    if not answer.get("Content-Type", "").startswith("text/html"):
                        continue
                    for text in bare_texts(answer.getvalue().decode()):
                        if not known.issuperset(WORD.findall(text)):
                            yield f"{name}: {method} {address} as {persona}: {text!r}"


def test_no_page_shows_a_text_that_cannot_be_translated(marked: None, world: World) -> None:
    User.objects.update(language=LANGUAGE)
    for alias in ("pages", "fragments"):
        caches[alias].clear()
    assert list(dict.fromkeys(untranslated(world))) == []
