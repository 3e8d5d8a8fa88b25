"""What a list shows of a message: its words, without markup, and never a tag."""

from hypothesis import given

from messaging.text import render
from messaging.text.excerpts import excerpt_of
from tests.text.strategies import pieces


def test_markup_goes_and_words_stay() -> None:
    html = render("> **Tidebook** `2.0` is\n> out, see [the notes](https://x.example)\n\n- a < b & c")
    assert excerpt_of(html, 200) == "Tidebook 2.0 is out, see the notes a < b & c"


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert excerpt_of(render("word " * 100), 20) == "word word word word…"


@given(pieces())
def test_it_never_is_longer_than_asked(text: str) -> None:
    assert len(excerpt_of(render(text), 40)) <= 40
