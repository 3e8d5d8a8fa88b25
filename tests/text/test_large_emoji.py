"""A message of up to five emoji, and nothing else, shows them large."""

from functools import partial

import pytest

from messaging.text import render
from tests.text.clock import is_quick


@pytest.mark.parametrize(
    "content", ["🎉", ":tada:", "🎉🎉 👍🏽", "❤️", "5️⃣", "🇩🇪🇫🇷", "👨‍👩‍👧", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", ":+1: :heart:", "😀😀😀😀😀"]
)
def test_emoji_alone_are_large(content: str) -> None:
    assert render(content).startswith('<p class="large-emoji">')


@pytest.mark.parametrize(
    "content",
    ["🎉 a", "1", "123", "#", "©", "😀😀😀😀😀😀", "😀\n😀", "`🎉`", "> 🎉", "||🎉||", ":nope:", "🇩"],
)
def test_anything_else_is_not(content: str) -> None:
    assert "large" not in render(content)


@pytest.mark.parametrize("content", ["👩\u200d" * 3_000, "🎉" * 9_999, ("🎉" + " " * 1_900) * 5, "🇩" * 9_999])
def test_a_hostile_text_is_quickly_decided(content: str) -> None:
    assert is_quick(partial(render, content), units=50)
