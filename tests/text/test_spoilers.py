"""What is hidden until a reader opens it, and what stands for it elsewhere."""

from functools import partial

import pytest

from messaging.text import mentioned, render
from messaging.text.excerpts import excerpt_of
from messaging.text.search_words import own_text
from tests.text.clock import is_quick


@pytest.mark.parametrize(
    ("content", "html"),
    [
        (
            "So ||it was **Ada**||, then",
            '<p>So <span class="spoiler">it was <strong>Ada</strong></span>, then</p>',
        ),
        ("**||a||**", '<p><strong><span class="spoiler">a</span></strong></p>'),
        ("||a\nb||", '<p><span class="spoiler">a<br>\nb</span></p>'),
        ("語||秘密||語", '<p>語<span class="spoiler">秘密</span>語</p>'),
        ("||a|| ||b||", '<p><span class="spoiler">a</span> <span class="spoiler">b</span></p>'),
        ("||a ||b|| c||", '<p><span class="spoiler">a b c</span></p>'),
        ("||a **||b||** c||", '<p><span class="spoiler">a <strong>b</strong> c</span></p>'),
        ("||a ||b|| c", '<p><span class="spoiler">a b</span> c</p>'),
        ("||a ||b|| ||c|| d", '<p><span class="spoiler">a b c</span> d</p>'),
        ("**||a|| ||b** c||", '<p><strong><span class="spoiler">a</span> ||b</strong> c||</p>'),
        ("||`a||b`||", '<p><span class="spoiler"><code dir="ltr">a||b</code></span></p>'),
    ],
)
def test_what_two_marks_hide(content: str, html: str) -> None:
    assert render(content) == html


@pytest.mark.parametrize(
    "content",
    ["a || b || c", "a||b||c", "|| a||", "||a ||", "||||", "|||a|||", "||a", "||a\n\nb||", "a \\|| b"],
)
def test_marks_that_hide_nothing_stay(content: str) -> None:
    assert "span" not in render(content)
    assert excerpt_of(render(content), 100) == " ".join(content.split())


@pytest.mark.parametrize("content", [r"\||a||", r"\|\|a\|\|", "`||a||`", "```\n||a||\n```"])
def test_hidden_marks_and_code_are_text(content: str) -> None:
    assert "spoiler" not in render(content)
    assert excerpt_of(render(content), 100) == "||a||"


def test_marks_do_not_reach_over_other_marks() -> None:
    assert render("**||a** b||") == "<p><strong>||a</strong> b||</p>"
    assert "spoiler" not in render("[||a||](https://a.example)")


def test_an_address_ends_before_the_mark() -> None:
    assert '<a href="https://a.example/b"' in render("||https://a.example/b||")
    assert '<a href="http://a.com/b"' in render("||a.com/b||.")


def test_excerpts_say_that_there_is_a_spoiler_and_a_search_finds_it() -> None:
    html = render("So ||it was Ada|| then, ||or|| not")
    assert excerpt_of(html, 100) == "So [spoiler] then, [spoiler] not"
    assert own_text(html) == "So it was Ada then, or not"


def test_people_in_a_spoiler_are_mentioned() -> None:
    assert mentioned("||@ada|| did") == {"ada"}
    assert 'href="/people/1/"' in render("||@ada|| did", {"ada": 1})


@pytest.mark.parametrize("piece", ["||a|| ", "||a ", "**||a||** ", r"\||a ", r"\|\|a\|\|", "||*`", "|| "])
def test_a_hostile_text_is_rendered_quickly(piece: str) -> None:
    content = (piece * 10_000)[:10_000].strip()
    html = render(content)
    assert is_quick(partial(render, content), units=50)
    assert is_quick(partial(excerpt_of, html, 200), units=50)
