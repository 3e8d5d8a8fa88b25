from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given

from messaging.text import RENDERER_VERSION, render
from messaging.text.emoji import EMOJI, pictures_in, unknown_names
from messaging.text.excerpts import excerpt_of
from messaging.text.large_emoji import LARGE_CLASS
from messaging.text.plain import is_plain, plain_html
from messaging.text.rendering import render_markdown
from messaging.text.search_words import own_text
from tests.text.allowed import visible_text
from tests.text.strategies import pieces

REL = 'rel="noopener noreferrer nofollow ugc"'


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("Hello, Ben!", "<p>Hello, Ben!</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        (
            "**bold** *soft* ~~gone~~ `x<y`",
            '<p><strong>bold</strong> <em>soft</em> <s>gone</s> <code dir="ltr">x&lt;y</code></p>',
        ),
        ("# Big\n\nsmall", "<p><strong>Big</strong></p>\n<p>small</p>"),
        ("2. two\n3. three", '<ol start="2">\n<li dir="auto">two</li>\n<li dir="auto">three</li>\n</ol>'),
        ("> said", '<blockquote dir="auto">\n<p>said</p>\n</blockquote>'),
        ("<b>no</b> <!-- x --> &amp;", "<p>&lt;b&gt;no&lt;/b&gt; &lt;!-- x --&gt; &amp;amp;</p>"),
        ("snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4</p>"),
        ("[note]: stays where it is", "<p>[note]: stays where it is</p>"),
    ],
)
def test_markdown_becomes_html(content: str, html: str) -> None:
    assert render(content) == html


@pytest.mark.parametrize(
    ("content", "href", "text"),
    [
        (
            "see https://a.example/_x_?b=1&c=2.",
            "https://a.example/_x_?b=1&amp;c=2",
            "https://a.example/_x_?b=1&amp;c=2",
        ),
        ("see example.com/x, please", "http://example.com/x", "example.com/x"),
        ("write to ada@example.com", "mailto:ada@example.com", "ada@example.com"),
        ("[the *docs*](https://a.example/)", "https://a.example/", "the <em>docs</em>"),
        ("<https://a.example/>", "https://a.example/", "https://a.example/"),
        ("![a cat](https://a.example/cat.png)", "https://a.example/cat.png", "a cat"),
        ("![](https://a.example/cat.png)", "https://a.example/cat.png", "https://a.example/cat.png"),
        (
            "https://xn--80ak6aa92e.com/%E2%80%AE",
            "https://xn--80ak6aa92e.com/%E2%80%AE",
            "https://xn--80ak6aa92e.com/%E2%80%AE",
        ),
    ],
)
def test_an_address_becomes_a_link_and_is_shown_as_typed(content: str, href: str, text: str) -> None:
    direction = "" if "[" in content else ' dir="ltr"'  # a text of one's own follows its letters
    assert f'<a href="{href}"{direction} {REL}>{text}</a>' in render(content)


@pytest.mark.parametrize(
    "content",
    [
        "main.py",
        "run.sh",
        "so great.it works",
        "//a.example",
        "ftp://a.example",
        "[x](/logout)",
        "[x](javascript:x)",
        "[x]()",
        "![x]()",
        "`https://a.example`",
        "version 2.6.15",
        "<javascript:x>",
        "[x](data:text/html,x)",
    ],
)
def test_what_is_no_address_of_the_web_is_not_linked(content: str) -> None:
    assert "<a" not in render(content)


def test_a_link_in_a_link_is_only_one() -> None:
    html = render("[![cat](https://a.example/cat.png)](https://b.example/)")
    assert html == f'<p><a href="https://b.example/" {REL}>cat</a></p>'


def test_emoji_names_become_characters_but_not_in_code_or_addresses() -> None:
    assert (
        render("12:30:tada: :nope: `:tada:`") == '<p>12:30\U0001f389 :nope: <code dir="ltr">:tada:</code></p>'
    )
    assert ":tada:" in render("https://a.example/:tada:")
    assert render("[:+1:](https://a.example/)").endswith(">\U0001f44d</a></p>")
    assert len(EMOJI) >= 150


def test_character_references_are_shown_as_they_were_typed() -> None:
    assert render("a&#8238;b&#x200B;c&#0;d") == "<p>a&amp;#8238;b&amp;#x200B;c&amp;#0;d</p>"


def test_a_long_list_of_links_is_shown_as_text_and_a_bomb_as_it_was_typed() -> None:
    assert "<a" not in render("a.de " * 2_000)
    assert visible_text(render(">" * 100 + " deep")) == ">" * 100 + " deep"
    assert visible_text(render("[" * 10_000)) == "[" * 10_000


def test_a_big_table_is_text_and_a_small_one_a_table() -> None:
    assert "<td>1</td>" in render("a | b\n--|--\n1 | 2")
    assert "<td>" not in render("a | b\n--|--\n" + "1 | 2\n" * 1_000)


def test_several_threads_render_at_once() -> None:
    content = "**@ada** https://a.example/ ```x``` :tada:\n\n```py\nimport this\n```"
    with ThreadPoolExecutor(8) as pool:
        results = set(pool.map(lambda _: render(content, {"ada": 1}), range(200)))
    assert results == {render(content, {"ada": 1})}


def test_the_version_is_a_number_to_raise() -> None:
    assert isinstance(RENDERER_VERSION, int)


@given(pieces())
def test_the_short_cut_for_plain_text_gives_what_the_long_way_gives(content: str) -> None:
    if is_plain(content):
        assert plain_html(content) == render_markdown(content)


@pytest.mark.parametrize(
    "content",
    [
        "ok",
        ":)",
        "nick: did you try it?",
        "it's 5 > 3 & 2 < 4",
        "a_b_c",
        "#channel",
        "-> there",
        "1.5 GB",
        "wait...\nno",
        "(see above) - or not",
        "what @ home",
        "50% ~ 60%",
        "a\u00a0b",
        "caf\u00e9 \u4e2d\u6587 \U0001f600",
        "[x] done",
        "2*3",
    ],
)
def test_ordinary_talk_takes_the_short_cut(content: str) -> None:
    assert is_plain(content)
    assert plain_html(content) == render_markdown(content)


def test_custom_emoji_become_pictures_wherever_emoji_do_and_are_text_in_excerpts_and_searches() -> None:
    pictures = {"old_ferry": "0" * 32 + ".webp", "c++": "1" * 32 + ".webp"}
    source = f'class="custom-emoji" src="/emoji/{pictures["old_ferry"]}"'
    image = f'<img {source} alt=":old_ferry:" title=":old_ferry:">'
    content = "12:30:old_ferry: **:old_ferry:**:tada: :c++: [:old_ferry:](https://a.example/) @ada:old_ferry:"
    html = render(content, {"ada": 7}, pictures)
    assert html.count(image) == 4
    assert pictures_in(html) == pictures
    shown = "12:30:old_ferry: :old_ferry:🎉 :c++: :old_ferry: @ada:old_ferry:"
    assert excerpt_of(html, 100) == own_text(html) == shown
    for text in (
        "`:old_ferry:`",
        "\\:old_ferry:",
        "a:old_ferry:b",
        "https://a.example/:old_ferry:",
        ":nope:",
    ):
        assert "<img" not in render(text, emoji=pictures)
    assert render("\\:old_ferry:", emoji=pictures) == "<p>:old_ferry:</p>"
    alone = render(":old_ferry:", emoji=pictures)
    assert alone == f'<p class="{LARGE_CLASS}">{image}</p>'  # nothing else is visible
    assert unknown_names(content) == {"old_ferry", "c++", "30"}
