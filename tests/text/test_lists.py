"""Lists of names in sentences."""

from collections.abc import Callable, Iterable

import pytest

from messaging.text.lists import join_names, join_with_and, join_with_or


@pytest.mark.parametrize(
    ("join", "expected"),
    [
        (join_names, ["", "Ada", "Ada, 50% Ben", "Ada, 50% Ben, Cleo"]),
        (join_with_and, ["", "Ada", "Ada and 50% Ben", "Ada, 50% Ben and Cleo"]),
        (join_with_or, ["", "Ada", "Ada or 50% Ben", "Ada, 50% Ben or Cleo"]),
    ],
)
def test_names_are_joined(join: Callable[[Iterable[str]], str], expected: list[str]) -> None:
    names = ["Ada", "50% Ben", "Cleo"]
    assert [join(iter(names[:number])) for number in range(4)] == expected
