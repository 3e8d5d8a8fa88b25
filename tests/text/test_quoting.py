import pytest

from messaging.text import MAX_LENGTH, clean_text, render
from messaging.text.quoting import LONGEST, quotation


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Land ho", "> Land ho\n\n"),
        ("One\n\nTwo", "> One\n>\n> Two\n\n"),
        ("> Deep", "> > Deep\n\n"),
        ("```\ncode\n```", "> ```\n> code\n> ```\n\n"),
    ],
)
def test_each_line_is_quoted_and_an_empty_one_follows(text: str, quoted: str) -> None:
    assert quotation(text) == quoted


def test_a_long_text_is_cut_between_words() -> None:
    quoted = quotation("word " * (MAX_LENGTH // 5))
    assert len(quoted) < LONGEST + 10
    assert quoted.endswith("word …\n\n")


def test_what_follows_a_quotation_is_outside_of_it() -> None:
    html = render(clean_text(quotation("Open ```\ncode") + "My answer"))
    assert html.endswith("</blockquote>\n<p>My answer</p>")
