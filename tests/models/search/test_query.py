from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.models.search.dates import span_of
from messaging.models.search.query import Operator, parse
from messaging.text.search_words import Phrase

TODAY = date(2026, 11, 29)  # a Sunday


def phrases(typed: str) -> list[tuple[str, bool]]:
    return [(" ".join(phrase.words), phrase.is_prefix) for phrase in parse(typed).phrases]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("high water", [("high", False), ("water", True)]),
        ('"high water"', [("high water", False)]),
        ('"high water', [("high water", False)]),
        ('"high', [("high", False)]),
        ("“high water”", [("high water", False)]),
        ("https://example.org/page", [("example org page", True)]),
        ("hig* water ", [("hig", True), ("water", True)]),
        ("PLT-3699", [("plt 3699", True)]),
        ("C++ x", [("c", False), ("x", False)]),
        ("he", [("he", False)]),
        ("-draft budget", [("budget", True)]),
        ("budget -draft", [("budget", False)]),
        ("- --xyz", [("xyz", True)]),
        ('"', []),
        ("\u00a8 \u0301", []),
        ('* ** ""', []),
    ],
)
def test_words_and_phrases_are_read_and_the_last_word_may_be_a_beginning(
    typed: str, found: list[tuple[str, bool]]
) -> None:
    assert phrases(typed) == found


@pytest.mark.parametrize(
    ("typed", "operators", "rest"),
    [
        ("from:ada hello", [Operator("from", "ada")], ["hello"]),
        ('from:"Ada Lovelace"', [Operator("from", "Ada Lovelace")], []),
        ("-in:#general FROM:me", [Operator("in", "#general", True), Operator("from", "me")], []),
        ("sender:ada channel:x", [Operator("from", "ada"), Operator("in", "x")], []),
        ("TODO: x", [], ["TODO:", "x"]),
        ("from: ada", [], ["from:", "ada"]),
        ('in:"', [], ['in:"']),
        ("https://example.com", [], ["example.com"]),
        ("12:30", [], ["12:30"]),
    ],
)
def test_operators_are_told_from_words_with_a_colon(
    typed: str, operators: list[Operator], rest: list[str]
) -> None:
    query = parse(typed)
    assert query.operators == operators
    assert [term.text for term in query.terms] == rest


def test_operator_without_meaning_becomes_text() -> None:
    query = parse("from:nobody -x")
    query.as_text(query.operators[0])
    assert query.unknown == ["from:nobody"]
    assert query.phrases == [Phrase(("from", "nobody"))]


@given(st.text(max_size=80))
def test_whatever_is_typed_can_be_read(typed: str) -> None:
    query = parse(typed)
    for operator in list(query.operators):
        query.as_text(operator)
    assert all(term.phrase.words or term.literal for term in query.terms)


@pytest.mark.parametrize(
    ("words", "first", "after"),
    [
        ("2026-03-14", date(2026, 3, 14), date(2026, 3, 15)),
        ("2026-3", date(2026, 3, 1), date(2026, 4, 1)),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("today", TODAY, date(2026, 11, 30)),
        ("Yesterday", date(2026, 11, 28), TODAY),
        ("last week", date(2026, 11, 16), date(2026, 11, 23)),
        ("last_week", date(2026, 11, 16), date(2026, 11, 23)),
        ("this month", date(2026, 11, 1), date(2026, 12, 1)),
        ("last month", date(2026, 10, 1), date(2026, 11, 1)),
        ("March", date(2026, 3, 1), date(2026, 4, 1)),
        ("dec", date(2025, 12, 1), date(2026, 1, 1)),
        ("last year", date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_dates_as_people_type_them(words: str, first: date, after: date) -> None:
    assert span_of(words, TODAY) == (first, after)


@pytest.mark.parametrize(
    "words", ["", "ma", "2026-13", "2026-02-30", "0000", "0001-01-01", "9999-12-31", "soon"]
)
def test_what_names_no_day_is_none(words: str) -> None:
    assert span_of(words, TODAY) is None
