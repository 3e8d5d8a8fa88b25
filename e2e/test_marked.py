"""A page that shows a text which was never translated fails the run in the marked language (marked.py)."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from e2e.marked import Shown
from tests.known_words import words_of
from tests.pseudo import INVISIBLE, marked

PAGE = f"""<!doctype html><html lang="en">
<title>{marked("Inbox", INVISIBLE)}</title>
<p>{marked("Written by <b>Ada</b> today", INVISIBLE)}, <em>Ada</em> <img alt="Bare picture"></p>
<button title="Bare hint">{marked("Save", INVISIBLE)}</button>
<p id="changing"></p>"""


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    contexts: list[BrowserContext] = []

    def new_context(script: bool = True) -> BrowserContext:
        contexts.append(browser.new_context(java_script_enabled=script))
        return contexts[-1]

    yield new_context
    for context in contexts:
        context.close()


def open_page(context: BrowserContext, html: str = PAGE) -> Page:
    context.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page = context.new_page()
    page.goto("http://parley.test/")
    return page


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("changing.append('Bare words')", "Bare words"),
        ("changing.append('x'); changing.firstChild.data = 'Other words'; changing.remove()", ""),
        ("changing.innerHTML = '<ul><li>Bare item</li></ul>'", "Bare item"),
        ("changing.setAttribute('aria-label', 'Bare label')", "Bare label"),
        ("document.querySelector('b').textContent = 'Ben'", ""),  # within a translated text
        ("document.title = 'Bare title'", "Bare title"),
    ],
)
def test_a_bare_text_that_a_script_shows_is_found(
    new_context: Callable[..., BrowserContext], script: str, found: str
) -> None:
    shown, context = Shown(), new_context()
    shown.watch(context)
    shown.words = words_of("Ada")
    page = open_page(context)
    page.evaluate(script)
    page.evaluate("0")  # what was told before this is heard now
    assert set(shown.bare()) == {"Bare picture", "Bare hint", found} - {""}


def test_pages_without_script_are_looked_at_when_the_test_ends(
    new_context: Callable[..., BrowserContext],
) -> None:
    shown, context = Shown(), new_context(script=False)
    shown.watch(context, script=False)
    open_page(context)
    shown.look()
    assert set(shown.bare()) == {"Bare picture", "Bare hint", "Ada"}


@pytest.mark.parametrize("script", [True, False])
def test_a_page_in_a_language_that_the_test_chose_is_excused(
    new_context: Callable[..., BrowserContext], script: bool
) -> None:
    shown, context = Shown(), new_context(script)
    shown.watch(context, script)
    page = open_page(context, PAGE.replace('lang="en"', 'lang="de"'))
    page.evaluate("0")  # what was told before this is heard now
    shown.look()
    assert shown.bare() == {}
