import pytest
from hypothesis import given

from messaging.text import mentioned, render, unlink_mentions
from tests.text.allowed import visible_text
from tests.text.strategies import pieces


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("@ada", {"ada"}),
        ("Thanks @Ada, @ben-k. and (@c_d)!", {"ada", "ben-k", "c_d"}),
        ("**@ada** _@ben_ > @cy", {"ada", "ben", "cy"}),
        ("> @ada\n\n- @ben\n\n# @cy", {"ada", "ben", "cy"}),
        ("@ada.lovelace... @ada-", {"ada.lovelace", "ada"}),
        ("mail@ada @@ada a/@ada x.@ada @ada@host ada@example.com", set()),
        ("`@ada` ``@ada``", set()),
        ("```\n@ada\n```\n\n    @ben", set()),
        ("[@ada](https://a.example) https://a.example/@ada <https://a.example/@ada>", set()),
        ("caf\u00e9@ada @ada\u00e9 @ @. @-", set()),
        ("no at all", set()),
        (">" * 50 + " @ada", {"ada"}),
    ],
)
def test_who_is_meant(content: str, names: set[str]) -> None:
    assert mentioned(content) == names


def test_only_known_people_are_marked_and_the_text_stays_as_typed() -> None:
    html = render("Hi @ADA and @nobody", ["Ada"])
    assert html == '<p>Hi <span class="mention">@ADA</span> and @nobody</p>'


def test_nobody_can_type_a_mark() -> None:
    html = render('<span class="mention">@ben</span> &lt;span class="mention"&gt;@ben', ["ada"])
    assert 'class="mention">' not in html.replace("&gt;", "")


def test_a_mark_is_taken_off_letter_for_letter_and_only_that_one() -> None:
    html = render("@Ada @ADA @ada2 `@ada` @b.n", ["ada", "ada2", "b.n"])
    without = unlink_mentions(html, "aDa")
    ada2, bn = ('<span class="mention">@ada2</span>', '<span class="mention">@b.n</span>')
    assert without == f"<p>@Ada @ADA {ada2} <code>@ada</code> {bn}</p>"
    assert unlink_mentions(without, "b-n") == without
    assert unlink_mentions(without, "b.n") == without.replace(bn, "@b.n")


@given(pieces())
def test_rendering_marks_exactly_those_who_are_mentioned(content: str) -> None:
    names = mentioned(content)
    html = render(content, names)
    without = html
    for name in names:
        assert f'"mention">@{name}</span>' in html.lower()
        without = unlink_mentions(without, name)
    assert 'class="mention"' not in without
    assert without == render(content)
    assert visible_text(without) == visible_text(html)
