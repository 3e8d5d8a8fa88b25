"""What decides whether a block of a message is read from the left or from the right.

The browser looks for the first letter, and leaves out every element with a `dir` of its own.
"""

import pytest

from messaging.text import render

ARABIC = "مرحبا"


@pytest.mark.parametrize(
    ("content", "block"),
    [
        (f"- {ARABIC}", "li"),
        (f"1. {ARABIC}", "li"),
        (f"- [ ] {ARABIC}", "li"),
        (f"> {ARABIC}", "blockquote"),
        (f"|{ARABIC}|b|\n|-|-|\n|1|2|", "table"),
    ],
)
def test_marks_lines_and_columns_follow_the_text(content: str, block: str) -> None:
    assert f'<{block} dir="auto"' in render(content)


@pytest.mark.parametrize(
    ("typed", "element"),
    [
        ("`main.py`", '<code dir="ltr">main.py</code>'),
        ("https://a.example/", '<a href="https://a.example/" dir="ltr"'),
        ("<https://a.example/>", '<a href="https://a.example/" dir="ltr"'),
        ("ada@example.com", '<a href="mailto:ada@example.com" dir="ltr"'),
        ("@ada", '<a class="mention" href="/people/1/" dir="auto"'),
        ("#ships", '<a class="room-link" href="/conversations/2/" dir="auto"'),
    ],
)
@pytest.mark.parametrize("mark", ["", "- "])
def test_code_addresses_mentions_and_rooms_do_not_decide(mark: str, typed: str, element: str) -> None:
    assert element in render(f"{mark}{typed} {ARABIC}", {"ada": 1}, rooms={"ships": 2})


@pytest.mark.parametrize("code", ["```\nx\n```", "```python\nx\n```", "- a\n\n      x"])
def test_blocks_of_code_are_left_to_right(code: str) -> None:
    assert '<pre><code dir="ltr"' in render(code)


def test_the_words_of_a_link_decide() -> None:
    assert f'rel="noopener noreferrer nofollow ugc">{ARABIC}</a>' in render(f"[{ARABIC}](https://a.example/)")
    assert "dir=" not in render(f"[{ARABIC}](https://a.example/)")
