"""A message of up to five emoji, and nothing else, shows them large."""

import pytest

from messaging.text import render


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
