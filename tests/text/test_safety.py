from functools import partial

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from messaging.text import MAX_LENGTH, clean_text, mentioned, render
from messaging.text.sanitizing import sanitize
from tests.text.allowed import violations
from tests.text.clock import is_quick
from tests.text.naughty import naughty_strings
from tests.text.strategies import pieces

NAUGHTY = naughty_strings()


def test_the_list_is_long_and_always_the_same() -> None:
    assert 600 <= len(NAUGHTY) <= 1_500
    assert len(set(NAUGHTY)) == len(NAUGHTY)
    assert naughty_strings() == NAUGHTY


@pytest.mark.parametrize("first", range(20))
def test_a_naughty_string_is_refused_or_rendered_safely_within_50_ms(first: int) -> None:
    for raw in NAUGHTY[first::20]:
        try:
            content = clean_text(raw)
        except ValidationError as refused:
            assert refused.code in {"empty", "too_long"}  # noqa: PT017
            continue
        assert len(content) <= MAX_LENGTH
        people = dict.fromkeys(mentioned(content), 1)
        html = render(content, people)
        assert violations(html) == []
        assert render(content, people) == html
        assert is_quick(partial(render, content, people), units=50), raw
        assert is_quick(partial(mentioned, content), units=50), raw


@given(pieces() | st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_renders_to_what_is_allowed(content: str) -> None:
    assert violations(render(content, {"ada": 1})) == []


def test_the_checker_sees_what_is_not_allowed() -> None:
    bad = '<p id="x"><b>x</b><a href="javascript:x">x</a><span class="badge" hx-get="/">x</span>'
    bad += "<!-- x -->\u202e"
    assert len(violations(bad)) == 7


def test_the_allow_list_alone_takes_out_everything_else() -> None:
    bad = '<p id="x" hx-get="/" data-hx-get="/" style="x" title="x" lang="x">a<hx-partial>b</hx-partial>'
    bad += '<img src=x onerror=x><script>c</script><span class="mention badge">d</span>'
    bad += '<img src="/emoji/../admin/"><img src="https://a.example/a.webp"><img class="avatar" alt=":a:">'
    bad += '<code class="language-x">e</code><a href="javascript:x">f</a><a href="/x">g</a>'
    assert violations(sanitize(bad).replace(' class=""', "")) == []
    assert "badge" not in sanitize(bad)
