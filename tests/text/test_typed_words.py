"""No word that somebody types disappears, whatever Markdown makes of the marks around it."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.text import clean_text, render
from messaging.text.cleaning import is_visible
from messaging.text.excerpts import excerpt_of, visible_parts
from tests.amounts import MORE
from tests.text.strategies import PIECES
from tests.text.typed_words import hidden_text, lost_words

SCRIPTS = [
    "x{:03}y",
    "語{:03}字",
    "שלום{:03}ל",
    "e\u0301t{:03}e",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467{:03}w",
]
NUMBER = re.compile(r"(?<!\d)\d{3}(?!\d)")  # every word of `texts()` has another one
MARKS = [
    *PIECES,
    *(
        "```",
        "```\n",
        "\n```",
        "```sql\n",
        "``` ",
        "~~~",
        "\n~~~\n",
        "\n\n",
        "\n- ",
        "\n7. ",
        "\n> ",
        "\n# ",
        "\n---\n",
    ),
    *(
        " | ",
        "\n|-|-|\n",
        "a | b\n--|--\n",
        "\\",
        "\\_",
        "\\*",
        "&nbsp;",
        "&copy;",
        "](https://a.example/",
        ' "',
        '")',
    ),
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Marks with words between them, no two words alike."""
    marks = draw(st.lists(st.sampled_from(MARKS), min_size=1, max_size=25))
    words = (draw(st.sampled_from(SCRIPTS)).format(number) for number in range(len(marks)))
    spaces = (draw(st.sampled_from(["", " "])) for _ in marks)
    return "".join(f"{mark}{space}{word}" for mark, space, word in zip(marks, spaces, words, strict=True))


@pytest.fixture(autouse=True, scope="module")
def _translations() -> None:
    """They are read with the first spoiler, which takes longer than an example may."""
    excerpt_of(render("||x||"), 10)


@settings(max_examples=2_000 * MORE)
@given(texts())
def test_every_typed_word_is_shown_in_order(text: str) -> None:
    content = clean_text(text)
    html = render(content)
    assert lost_words(content, html) == []
    excerpt, shown = excerpt_of(html, 100_000), " ".join("".join(visible_parts(html)).split())
    hidden = NUMBER.findall(hidden_text(html))
    assert NUMBER.findall(excerpt) == [number for number in NUMBER.findall(shown) if number not in hidden]
    assert excerpt == shown or hidden_text(html).strip()


@settings(max_examples=500 * MORE)
@given(st.lists(st.sampled_from(MARKS), max_size=12).map("".join))
def test_no_message_is_blank(text: str) -> None:
    try:
        content = clean_text(text)
    except ValidationError:
        return
    assert is_visible(excerpt_of(render(content), 1_000))


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("```SELECT 1\nFROM x```", '<pre><code dir="ltr">SELECT 1\nFROM x\n</code></pre>'),
        ("```go home now\nplease", '<pre><code dir="ltr">go home now\nplease\n</code></pre>'),
        ("text ```\ncode\n``` after", '<p>text</p>\n<pre><code dir="ltr">code\n</code></pre>\n<p>after</p>'),
        ("one\ntwo ```\nx```", '<p>one</p>\n<p>two</p>\n<pre><code dir="ltr">x\n</code></pre>'),
        (
            "```py\nx```\n```\ny\n```",
            '<pre><code dir="ltr" class="language-python">x\n</code></pre>\n'
            '<pre><code dir="ltr">y\n</code></pre>',
        ),
        ("```\na ```b``` c\n```", '<pre><code dir="ltr">a ```b``` c\n</code></pre>'),
        (
            "> ```\n> x\n> ``` y",
            '<blockquote dir="auto">\n<pre><code dir="ltr">x\n</code></pre>\n<p>y</p>\n</blockquote>',
        ),
        ("```hello", '<pre><code dir="ltr">hello\n</code></pre>'),
        ("~~~ news ~~~", "<p>~~~ news ~~~</p>"),
        (
            "~~~sql\n1\n~~~",
            '<pre><code dir="ltr" class="language-sql"><span class="m">1</span>\n</code></pre>',
        ),
    ],
)
def test_fence_keeps_what_is_typed_beside_its_marks(content: str, html: str) -> None:
    assert render(content) == html


@pytest.mark.parametrize(
    "content",
    [
        "a | b\n--|--\n1 | 2 | lost",
        "&copy; &eacute;t&eacute; &#65;",
        "007. Bond",
        "[words]: https://a.example",
    ],
)
def test_what_markup_would_lose_is_shown_as_it_was_typed(content: str) -> None:
    assert excerpt_of(render(content), 1_000) == " ".join(content.split())


@pytest.mark.parametrize(
    ("content", "excerpt"),
    [
        ('[docs](https://a.example "in a title")', 'docs "in a title"'),
        ('![cat](https://a.example "Felix")', 'cat "Felix"'),
        ("[](https://a.example/x)", "https://a.example/x"),
        ("[![](https://a.example/x)](https://b.example)", "https://a.example/x"),
        ("[here](https://a.example/" + "x" * 2_000 + ") and there", "here and there"),
    ],
)
def test_words_of_links_and_pictures_are_shown(content: str, excerpt: str) -> None:
    assert excerpt_of(render(content), 50) == excerpt


@pytest.mark.parametrize(
    "content",
    [
        "+",
        "-",
        "*",
        "1.",
        "#",
        ">",
        "```\n```",
        "```",
        "```py",
        "---",
        "***",
        "- \n- ",
        "> >",
        "|",
        "&nbsp;",
        "&#8203;",
    ],
)
def test_marks_alone_are_shown_as_they_were_typed(content: str) -> None:
    assert excerpt_of(render(content), 100) == " ".join(content.split())


@pytest.mark.parametrize("raw", ["\u034f", "\ufe0f\ufe0f", "\U0001d159", "\u180b \u17b5", "\u115f\u3164"])
def test_text_that_cannot_be_seen_is_refused(raw: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_text(raw)
    assert refused.value.code == "empty"


@pytest.mark.parametrize(
    ("content", "excerpt"),
    [
        ("8. eight\n3. three\n4. four", "8. eight 3. three 4. four"),
        ("1. a\n1. b\n1. c", "1. a 1. b 1. c"),
        ("1. a\n   1. b\n   5. c\n2. d", "1. a 1. b 5. c 2. d"),
        ("- a\n- b\n\n2) c", "a b 2. c"),
    ],
)
def test_list_shows_the_numbers_that_were_typed(content: str, excerpt: str) -> None:
    assert excerpt_of(render(content), 100) == excerpt


def test_list_item_says_its_number_only_where_it_does_not_follow() -> None:
    html = render("8. eight\n3. three\n4. four")
    assert '<ol start="8">' in html
    assert html.count("value=") == 1
    assert '<li value="3" dir="auto">three' in html


def test_lost_words_are_found() -> None:
    assert lost_words("one two", "<p>two</p>") == ["one"]
    assert lost_words("one two", "<p>two one</p>") == ["two"]
    assert lost_words("[one](http://two) :tada:", '<p><a href="http://two">one</a></p>') == []
