import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.text import Change, word_diff
from tests.work import lines

LINES_EACH = 20  # of Python, for each word and mark

words = st.lists(
    st.sampled_from(["one", "two", "three", " ", "\n", ",", ".", "\u00e9t\u00e9"]), max_size=25
).map("".join)


def joined(changes: list[Change], without: str) -> str:
    return "".join(change.text for change in changes if change.kind != without)


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("", "", []),
        ("same", "same", [("equal", "same")]),
        ("", "new", [("inserted", "new")]),
        ("old", "", [("deleted", "old")]),
        ("meet at five", "meet at six", [("equal", "meet at "), ("deleted", "five"), ("inserted", "six")]),
        ("Hello", "Hello, Ben", [("equal", "Hello"), ("inserted", ", Ben")]),
        ("a b c", "a x y", [("equal", "a "), ("deleted", "b c"), ("inserted", "x y")]),
        ("我住在東京", "我住在大阪", [("equal", "我住在"), ("deleted", "東京"), ("inserted", "大阪")]),
        ("テスト中", "テスト前", [("equal", "テスト"), ("deleted", "中"), ("inserted", "前")]),
        ("ไปวัด", "ไปบ้าน", [("equal", "ไป"), ("deleted", "วัด"), ("inserted", "บ้าน")]),
        (
            "hi \U0001f468\u200d\U0001f469\u200d\U0001f467",
            "hi \U0001f468\u200d\U0001f469\u200d\U0001f466",
            [
                ("equal", "hi "),
                ("deleted", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
                ("inserted", "\U0001f468\u200d\U0001f469\u200d\U0001f466"),
            ],
        ),
        (
            "\U0001f44d\U0001f3fd",
            "\U0001f44d\U0001f3ff",
            [("deleted", "\U0001f44d\U0001f3fd"), ("inserted", "\U0001f44d\U0001f3ff")],
        ),
        ("e\u0301", "e\u0300", [("deleted", "e\u0301"), ("inserted", "e\u0300")]),
        ("cafe\u0301 au", "cafe au", [("deleted", "cafe\u0301"), ("inserted", "cafe"), ("equal", " au")]),
    ],
)
def test_edit_is_announced_in_words(old: str, new: str, changes: list[tuple[str, str]]) -> None:
    assert word_diff(old, new) == changes


@given(words | st.text(max_size=40), words | st.text(max_size=40))
def test_both_texts_can_be_read_back_from_the_changes(old: str, new: str) -> None:
    changes = word_diff(old, new)
    assert joined(changes, without="inserted") == old
    assert joined(changes, without="deleted") == new
    kinds = [change.kind for change in changes]
    assert ("inserted", "deleted") not in list(pairwise(kinds))
    assert all(kind != following for kind, following in pairwise(kinds))
    assert all(change.text for change in changes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (".;" * 5_000, ";." * 5_000),
        (".,;:!?" * 1_666, "?!:,;." * 1_666),
        ("a b " * 2_500, "b c " * 2_500),
        ("".join(map(chr, range(0x2190, 0x2590))) * 10, "".join(map(chr, range(0x258F, 0x218F, -1))) * 10),
    ],
)
def test_two_long_texts_without_anything_in_common_are_compared_in_time(old: str, new: str) -> None:
    """In a number of steps that grows with the texts, not with their product: 50 ms for the slowest."""
    tokens = len(re.findall(r"\w+|\W", old + new))
    assert lines(lambda: word_diff(old, new)) <= LINES_EACH * tokens


def test_beyond_two_messages_the_diff_is_coarse_but_true() -> None:
    old, new = "start " + "a." * 20_000, "start " + ".b" * 20_000
    changes = word_diff(old, new)
    assert changes[0] == ("equal", "start ")
    assert joined(changes, without="inserted") == old
    assert joined(changes, without="deleted") == new
