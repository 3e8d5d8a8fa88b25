r"""Marks that people do not mean as Markdown: backslashes, colons, and lines below quotes and lists."""

import pytest

from messaging.text import render


@pytest.mark.parametrize(
    "content",
    [
        r"\\server\share\_docs",
        r"¯\_(ツ)_/¯",
        r"C:\Users\_tmp\*.txt",
        r"^\d+\.\d*$",
        r"\(x\) \[y\] \{z\}",
        r"a \| b \> c \# d \- e \+ f",
        "\\",
        "line\\\nline",
        r"50\~60",
        r"\\\\server\\share",
        r"\!important",
    ],
)
def test_backslash_stays_where_it_hides_nothing(content: str) -> None:
    shown = content.replace(">", "&gt;").replace("\n", "<br>\n")
    assert render(content) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (r"\*not bold\*", "*not bold*"),
        (r"\*\*not bold\*\*", "**not bold**"),
        (r"\_not soft\_ a\_b", r"_not soft_ a\_b"),
        (r"\~~not gone\~~", "~~not gone~~"),
        (r"\`no code\`", "`no code`"),
        (r"\# no heading", "# no heading"),
        (r"\- no item", "- no item"),
        (r"1\. no number", "1. no number"),
        (r"\> no quote", "&gt; no quote"),
        (r"\:tada: \:nope:", r":tada: \:nope:"),
        (r"\@ada", "@ada"),
        (r"\[no link](x)", "[no link](x)"),
        (r"a\\*b*", r"a\<em>b</em>"),
    ],
)
def test_backslash_goes_where_it_hides_a_mark(content: str, shown: str) -> None:
    assert render(content, {"ada": 1}) == f"<p>{shown}</p>"


def test_backslashes_stay_in_code() -> None:
    assert render(r"`\*` \*x\*") == r'<p><code dir="ltr">\*</code> *x*</p>'


@pytest.mark.parametrize(
    "content",
    [
        "2001:db8:100::1",
        "root:x:0:0",
        "10:100:20",
        "00:ab:cd:ef:x:",
        "a::100::b",
        ":tada:ok",
        "fe80::100:1",
        "C:x:",
    ],
)
def test_colons_inside_words_make_no_emoji(content: str) -> None:
    assert render(content) == f"<p>{content}</p>"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("12:30:tada:", "12:30\U0001f389"),
        ("so :tada::tada:", "so \U0001f389\U0001f389"),
        ("(:tada:)", "(\U0001f389)"),
        ("你好:tada:你好", "你好\U0001f389你好"),
        ("done:tada:", "done\U0001f389"),
        (":nope:tada:", ":nope\U0001f389"),
    ],
)
def test_emoji_names_beside_words_become_emoji(content: str, shown: str) -> None:
    assert render(content) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("> quoted\nmy answer", '<blockquote dir="auto">\n<p>quoted</p>\n</blockquote>\n<p>my answer</p>'),
        (
            ">> a\n> b\nc",
            '<blockquote dir="auto">\n<blockquote dir="auto">\n<p>a</p>\n</blockquote>\n'
            "<p>b</p>\n</blockquote>\n<p>c</p>",
        ),
        ("> a\n> b", '<blockquote dir="auto">\n<p>a<br>\nb</p>\n</blockquote>'),
        ("> - a\nb", '<blockquote dir="auto">\n<ul>\n<li dir="auto">a</li>\n</ul>\n</blockquote>\n<p>b</p>'),
        ("- a\nb", '<ul>\n<li dir="auto">a</li>\n</ul>\n<p>b</p>'),
        ("- a\n  more", '<ul>\n<li dir="auto">a<br>\nmore</li>\n</ul>'),
        ("1. a\n  more\nb", '<ol>\n<li dir="auto">a<br>\nmore</li>\n</ol>\n<p>b</p>'),
        ("a\n---\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("a\n===", "<p>a<br>\n===</p>"),
    ],
)
def test_line_without_its_mark_ends_what_is_above(content: str, html: str) -> None:
    assert render(content) == html
