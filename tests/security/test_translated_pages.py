"""Every page, in a language that marks each translated text: all that has no mark must be people's words."""

from pathlib import Path

import pytest
from django.core.cache import caches
from pytest_django import Settings

from messaging.models import User
from tests import pseudo
from tests.known_words import is_known, stored_words, words_of
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


@pytest.fixture
def marked(settings: Settings, tmp_path: Path) -> None:
    pseudo.write(tmp_path, "en_AU")
    settings.LANGUAGES = [*settings.LANGUAGES, (LANGUAGE, "Marked")]
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]


def untranslated(world: World) -> dict[str, str]:
    """Each text that no translation has, with the first page that shows it."""
    known, found = stored_words() | words_of(FORM["content"]), dict[str, str]()
    for name in RULES:
        _place, address = next(addresses(name, world))
        for persona, method, headers in CELLS:
            answer = ask(world.browser(persona), method, address, {**headers, "Accept-Language": LANGUAGE})
            if answer.get("Content-Type", "").startswith("text/html"):
                for text in bare_texts(answer.getvalue().decode()):
                    if not is_known(text, known):
                        found.setdefault(text, f"{name}: {method} {address} as {persona}")
    return found


def test_no_page_shows_a_text_that_cannot_be_translated(marked: None, world: World) -> None:
    User.objects.update(language=LANGUAGE)
    for alias in ("pages", "fragments"):
        caches[alias].clear()
    assert untranslated(world) == {}
