from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from messaging.text import MAX_LENGTH, clean_text
from tests.text.strategies import pieces


def refusal(raw: str, **options: Any) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        clean_text(raw, **options)
    return refused.value


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("tab\tstays, new\nline too", "tab\tstays, new\nline too"),
        ("\n  \n    indented code\n\n  ", "    indented code"),
        ("a\x00b\x07c\x1bd\x7fe\x85f\x9fg", "abcdefg"),
        ("a\ud800b\udfffc\ufeffd\uffffe\ufdd0f\U0001ffffg", "abcdefg"),
        ("a\u202eb\u202ac\u2066d\u2069e", "abcde"),
        ("ad\u200bm\u200di\u00adn\u2060", "admin"),
        ("hidden\U000e0041\U000e0042", "hidden"),
    ],
)
def test_what_hides_or_reorders_text_is_taken_out(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\u2764\ufe0f\u200d\U0001f525",  # a heart on fire
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian "I want"
        "\u0915\u094d\u200d\u0937",  # a Devanagari half form
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "\u05e9\u05dc\u05d5\u05dd\u200f!",
        "e\u0301 na\u00efve \u4e2d\u6587",
    ],
)
def test_scripts_and_emoji_keep_the_joiners_that_they_need(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " \n\t\r\n",
        "\u200b",
        "\u200e\u200f",
        "\u0301\u0302",
        "\u3164",
        "\u2800",
        "\ud800",
        "\x00",
        "\u202e",
    ],
)
def test_a_text_that_shows_nothing_is_empty(raw: str) -> None:
    assert refusal(raw).code == "empty"
    assert refusal(raw, single_line=True).code == "empty"


def test_the_limit_counts_characters_after_cleaning() -> None:
    assert clean_text("\x00" + "\U0001f600" * MAX_LENGTH + " \n") == "\U0001f600" * MAX_LENGTH
    refused = refusal("a" * (MAX_LENGTH + 1))
    assert refused.code == "too_long"
    assert "10,001" in refused.messages[0]
    assert "10,000" in refused.messages[0]


def test_the_limit_can_be_moved_or_lifted() -> None:
    assert refusal("abcd", max_length=3).code == "too_long"
    assert len(clean_text("a" * 50_000, max_length=None)) == 50_000


def test_name_is_in_one_form_of_unicode() -> None:
    assert clean_text("e\u0301te\u0301", single_line=True) == "\u00e9t\u00e9"


def test_a_name_is_a_single_line() -> None:
    assert clean_text("  Ada \r\n\u00a0\t Lovelace\u2029", single_line=True) == "Ada Lovelace"


@given(pieces(), st.booleans())
def test_cleaning_twice_changes_nothing(raw: str, single_line: bool) -> None:
    try:
        once = clean_text(raw, single_line=single_line)
    except ValidationError:
        return
    assert clean_text(once, single_line=single_line) == once
    once.encode()
