"""Names in the order in which people expect them."""

import random

import pytest

from messaging.text.natural_order import ORDER_LENGTH, natural_key, natural_text


@pytest.mark.parametrize(
    "names",
    [
        ["team 2", "team 10", "team 10 b", "team 100"],
        ["alpha", "Beta", "gamma"],
        ["eclair", "Éclair 2", "ECLAIR 10", "edge"],
        ["2 boats", "10 boats", "boats"],
        ["v1.2", "v1.9", "v1.10", "v2"],
        ["فريق ٢", "فريق ١٠"],
        ["टीम २", "टीम १०"],
        ["チーム 2", "チーム１０"],
        ["ряд 2", "Ряд 10", "стол"],
        ["team 007", "team 8"],
        ["a", "a 1", "a1"],
    ],
    ids=lambda names: names[0],
)
def test_numbers_count_as_numbers_and_case_and_accents_do_not_matter(names: list[str]) -> None:
    shuffled = random.Random(1).sample(names, len(names))
    assert sorted(shuffled, key=natural_key) == names
    in_a_database = [natural_text(name) for name in names]
    assert in_a_database == sorted(in_a_database)


def test_names_that_differ_only_in_case_or_accents_have_one_order() -> None:
    names = ["Resume", "resume", "résumé"]
    backwards = list(reversed(names))
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


def test_a_number_of_any_length_is_no_error() -> None:
    assert natural_key("9" * 80) > natural_key("8" * 80)
    assert natural_text("9" * 80) > natural_text("8" * 80)
    assert len(natural_text("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}1" * 40)) == ORDER_LENGTH
