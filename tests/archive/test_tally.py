"""What an import reports about lines with something special."""

import random

import pytest

from messaging.archive.tally import Place, Places, Tally


def places(*lines: tuple[str, int]) -> Places:
    found = Places()
    for one in lines:
        found.add(Place(*one))
    return found


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([("a", 4)], "a, line 4"),
        ([("a", 17), ("a", 4)], "a, lines 4, 17"),
        ([("b", 3), ("a", 17), ("a", 4)], "a, lines 4, 17; b, line 3"),
        (
            [("b", 1), *(("a", number) for number in range(1, 1_239))],
            "a, lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10; and 1,229 more",
        ),
        (
            [*(("a", number) for number in range(1, 10)), ("b", 7), ("c", 1)],
            "a, lines 1, 2, 3, 4, 5, 6, 7, 8, 9; b, line 7; and 1 more",
        ),
    ],
)
def test_the_first_places_are_named_whatever_the_order_in_which_they_are_found(
    lines: list[tuple[str, int]], sentence: str
) -> None:
    chance = random.Random(1)
    for _ in range(5):
        assert str(places(*lines)) == sentence
        chance.shuffle(lines)


def test_only_what_was_found_is_told() -> None:
    tally = Tally()
    assert list(tally.sentences()) == []
    tally.late.add(Place("a", 1))
    assert list(tally.sentences()) == [
        "Messages older than what their room already had, placed after it: 1. See a, line 1."
    ]
