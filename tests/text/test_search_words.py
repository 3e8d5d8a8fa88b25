import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.text import render
from messaging.text.search_words import Phrase, contains, literal, own_text, places, words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("PLT-3699", ["plt", "3699"]),
        ("C++", ["c"]),
        ("don’t", ["don", "t"]),
        ("@ada TODO: x", ["ada", "todo", "x"]),
        ("build_server", ["build", "server"]),
        ("Łódź JÉRÔME Straße", ["lodz", "jerome", "strasse"]),
        ("上海の天気", ["上", "海", "の", "天", "気"]),
        ("안녕", ["안", "녕"]),
        ("ガス", ["ガ", "ス"]),
        ("كِتاب", ["كتاب"]),
        ("שָׁלוֹם", ["שלום"]),
        ("हिन्दी", ["हिन्दी"]),
        ('" - ++ 👍', []),
        ("", []),
    ],
)
def test_words_are_folded_and_separated_by_punctuation(typed: str, found: list[str]) -> None:
    assert words(typed) == found


@pytest.mark.parametrize(
    ("typed", "needed"),
    [
        ("plain words", ""),
        ("上海", ""),
        ("C++", "c++"),
        ("don’t", "don't"),
        ("PLT-3699", "plt-3699"),
        ("👍", "👍"),
    ],
)
def test_only_punctuation_and_symbols_have_to_be_compared_literally(typed: str, needed: str) -> None:
    assert literal(typed) == needed


@pytest.mark.parametrize(
    ("typed", "own"),
    [
        ("> theirs\n\nmine", "mine"),
        ("> theirs\n>> and theirs\n\nmine", "mine"),
        ("see https://example.com/a?b=c", "see example.com/a?b=c"),
        ("[the page](https://example.com/secret)", "the page"),
        ("`code` and **bold**", "code and bold"),
        ("```\nfenced > words\n```", "fenced > words"),
    ],
)
def test_what_is_searched_is_the_visible_text_without_quotations(typed: str, own: str) -> None:
    assert own_text(render(typed, {})) == own


@pytest.mark.parametrize(
    ("text", "phrase", "marked"),
    [
        ("Große Straßen", Phrase(("strasse",), is_prefix=True), ["Straße"]),
        ("Große Straßen", Phrase(("strasse",)), []),
        ("the theme, The end", Phrase(("the",)), ["the", "The"]),
        ("PLT-3699 and PLT-1", Phrase(("plt", "36"), is_prefix=True), ["PLT-36"]),
        ("在上海，上海", Phrase(("上", "海")), ["上海", "上海"]),
        ("e\u0301te\u0301", Phrase(("ete",)), ["e\u0301te\u0301"[:-1]]),
        ("nothing", Phrase(("else",)), []),
    ],
)
def test_places_of_a_phrase_are_ranges_of_the_text_as_it_is_shown(
    text: str, phrase: Phrase, marked: list[str]
) -> None:
    assert [text[first:last] for first, last in places(text, [phrase])] == marked
    assert contains(text, phrase) is bool(marked)


@given(st.text(max_size=60))
def test_every_text_contains_its_own_words(text: str) -> None:
    phrase = Phrase(tuple(words(text)))
    if phrase.words:
        assert contains(text, phrase)
        assert all(0 <= first < last <= len(text) for first, last in places(text, [phrase]))
