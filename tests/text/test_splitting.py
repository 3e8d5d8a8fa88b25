"""A text over the limit becomes several that show the same, cut where it disturbs least."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.text import MAX_LENGTH, clean_text, render, split_text
from messaging.text.excerpts import visible_parts
from tests.amounts import MORE
from tests.text.strategies import PIECES
from tests.text.test_typed_words import MARKS
from tests.text.typed_words import lost_words

LIMIT = 200
CODE = re.compile(r"<pre><code[^>]*>(.*?)</code></pre>", re.DOTALL)


def words(count: int, length: int = 9) -> list[str]:
    return [f"{number:0{length}}" for number in range(count)]


def shown(text: str) -> str:
    """The characters that the HTML of a text shows, without white space."""
    return "".join("".join(visible_parts(render(text))).split())


def typed(text: str) -> str:
    return "".join(text.split())


def test_a_text_up_to_the_limit_stays_one() -> None:
    for length in (1, MAX_LENGTH - 1, MAX_LENGTH):
        assert split_text("x" * length) == ["x" * length]
    assert [len(one) for one in split_text("x" * (MAX_LENGTH + 1))] == [MAX_LENGTH - 16, 17]


@pytest.mark.parametrize("between", ["\n\n", "\n", " ", "\t", "\u3000"])
def test_it_is_cut_between_paragraphs_lines_or_words(between: str) -> None:
    pieces = split_text(between.join(words(100)), LIMIT)
    assert len(pieces) > 1
    assert between.join(pieces) == between.join(words(100))
    assert all(LIMIT // 3 < len(piece) <= LIMIT for piece in pieces[:-1])


def test_a_paragraph_is_kept_whole_rather_than_a_line_and_a_line_rather_than_a_word() -> None:
    text = f"{'a' * 110}\n\n{'b' * 30}\n{'c c ' * 30}"
    assert split_text(text, LIMIT)[0] == "a" * 110
    assert split_text(text.replace("\n\n", "\n"), LIMIT)[0] == f"{'a' * 110}\n{'b' * 30}"


def test_a_break_far_before_the_limit_does_not_make_short_pieces() -> None:
    pieces = split_text(f"one\n\ntwo\n{'x ' * 400}", LIMIT)
    assert pieces[0].startswith("one\n\ntwo\nx x")
    assert len(pieces[0]) > LIMIT // 2


@pytest.mark.parametrize(
    "character",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "e\u0301\u0323",
        "\U0001f1e9\U0001f1ea",
        "\U0001f44d\U0001f3fd",
        "\u0915\u094d\u0937",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_no_character_is_cut_in_two(character: str) -> None:
    pieces = split_text(character * 150, LIMIT)
    assert "".join(pieces) == character * 150
    assert all(piece == character * (len(piece) // len(character)) for piece in pieces)


def test_one_character_over_the_limit_is_cut_and_space_alone_is_left_out() -> None:
    assert split_text("a" + "\u0301" * 300, LIMIT) == ["a" + "\u0301" * (LIMIT - 17)]
    assert split_text("a" + " " * 900 + "b", LIMIT) == ["a", "b"]
    assert split_text("a" + "\u2800" * 900 + "b", LIMIT)[0][0] == "a"


@pytest.mark.parametrize("opening", ["```", "```python", "~~~", "````sql", "```x = 1"])
@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("count", [40, 41, 42, 43, 44, 45, 90])
def test_code_goes_on_as_code_and_text_after_it_as_text(opening: str, is_closed: bool, count: int) -> None:
    marks = opening[: len(opening) - len(opening.lstrip("`~"))]
    code = "\n".join(words(count, 4))
    text = f"before\n{opening}\n{code}" + (f"\n{marks}\n**after** {'y ' * 90}" if is_closed else "")
    pieces = split_text(text, LIMIT)
    assert len(pieces) > 1
    html = [render(piece) for piece in pieces]
    found = "".join(re.sub("<[^>]+>", "", inside) for one in html for inside in CODE.findall(one))
    assert found.replace("x = 1\n", "").split() == words(count, 4)
    assert ("<strong>after</strong>" in "".join(html)) is is_closed
    assert not any("```" in shown(piece) or "~~~" in shown(piece) for piece in pieces)
    if opening in {"```python", "````sql"}:
        assert all('<code dir="ltr" class=' in one for one in html if "<pre>" in one)


def test_code_that_ends_at_the_cut_is_closed_once() -> None:
    code = "\n".join(words(20, 8))
    text = f"```\n{code}\n```\n\n{'y ' * 90}"
    for limit in range(len(code) + 20, len(code) + 40):
        pieces = split_text(text, max(limit, LIMIT))
        assert sum(render(piece).count("<pre>") for piece in pieces) == 1


@settings(max_examples=300 * MORE, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*PIECES, "word ", "語", "\u0e01\u200b", "x" * 90, " " * 90, "\n" * 3, "e\u0301" * 60]
        ),
        min_size=20,
        max_size=150,
    ).map("".join)
)
def test_pieces_are_valid_texts_and_together_the_whole_one(raw: str) -> None:
    try:
        text = clean_text(re.sub("`{3,}|~{3,}", "", raw), max_length=None)
    except ValidationError:
        return
    pieces = split_text(text, LIMIT)
    for piece in pieces:
        assert clean_text(piece, max_length=LIMIT) == piece
    # A joiner, of width zero, may be left out at a cut, and so are letters that are drawn as nothing.
    assert re.sub("[\u200b-\u200d]", "", typed("".join(pieces))) == re.sub("[\u200b-\u200d]", "", typed(text))


@settings(max_examples=300 * MORE, deadline=None)
@given(st.lists(st.sampled_from(MARKS), min_size=15, max_size=120))
def test_no_word_is_lost_whatever_the_marks(marks: list[str]) -> None:
    text = clean_text("".join(f"{mark} x{number:03}y" for number, mark in enumerate(marks)), max_length=None)
    pieces = split_text(text, LIMIT)
    assert all(clean_text(piece, max_length=LIMIT) == piece for piece in pieces)
    assert lost_words(text, "".join(map(render, pieces))) == []
