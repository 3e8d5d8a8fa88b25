"""How well what is typed matches a name."""

import pytest

from messaging.models.inbox.name_match import Match, Query

EXACT, PREFIX, WORD_PREFIX = Match.EXACT, Match.PREFIX, Match.WORD_PREFIX
INITIALS, INSIDE, FUZZY = Match.INITIALS, Match.INSIDE, Match.FUZZY


@pytest.mark.parametrize(
    ("typed", "name", "match"),
    [
        ("design", "design", EXACT),
        ("DESIGN", "Design", EXACT),
        ("design team", "design-team", EXACT),
        ("jerome", "Jérôme", EXACT),
        ("c++", "C++", EXACT),
        ("会议", "会议", EXACT),
        ("ada", "Ada Lovelace", PREFIX),
        ("des", "design", PREFIX),
        ("design te", "design_team", PREFIX),
        ("会", "会议", PREFIX),
        ("🚀", "🚀 launch", PREFIX),
        ("love", "Ada Lovelace", WORD_PREFIX),
        ("team", "design-team", WORD_PREFIX),
        ("team des", "design-team", WORD_PREFIX),
        ("lo ad", "Ada Lovelace", WORD_PREFIX),
        ("launch", "🚀 launch", EXACT),
        ("al", "Ada Lovelace", INITIALS),
        ("dt", "design-team", INITIALS),
        ("hpt", "harbour planning team", INITIALS),
        ("a l", "Ada Lovelace", WORD_PREFIX),
        ("sig", "design", INSIDE),
        ("议", "会议", INSIDE),
        ("+", "C++", INSIDE),
        (".*", "a.*", INSIDE),
        ("dsgn", "design", FUZZY),
        ("hbr", "Old Harbour", FUZZY),
        ("lvlc", "Ada Lovelace", FUZZY),
    ],
)
def test_kind_of_match(typed: str, name: str, match: Match) -> None:
    assert Query.of(typed).match(name) is match


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("designs", "design"),
        ("ngised", "design"),
        ("zz", "Ada"),
        ("dg", "design"),  # two letters with others between them
        ("sgn", "design"),  # not from the beginning of a word
        ("ada ben", "Ada Lovelace"),
        ("[a-z]", "design"),
        ("d^e", "design"),
        ("\\", "design"),
    ],
)
def test_what_does_not_match(typed: str, name: str) -> None:
    assert Query.of(typed).match(name) is None


def test_a_long_text_of_one_letter_is_compared_in_linear_time() -> None:
    """A pattern that goes back would not end."""
    assert Query.of("a" * 79 + "b").match("a" * 5_000) is None
