import pytest
from django.urls import reverse
from hypothesis import given

from messaging.text import many_mentioned_in, mentioned, render, unlink_mentions
from messaging.text.mentions import group_address, mention_link, room_address
from tests.text.allowed import visible_text
from tests.text.strategies import pieces

EVERYBODY = frozenset(
    {"ada", "ben", "ben-k", "c_d", "cy", "sol", "yuki", "ada.lovelace", "bob.", "-", "x.y-"}
)


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("@ada", {"ada"}),
        ("Thanks @Ada, @ben-k. and (@c_d)!", {"ada", "ben-k", "c_d"}),
        ("**@ada** _@ben_ > @cy", {"ada", "ben", "cy"}),
        ("> @ada\n\n- @ben\n\n# @cy", {"ben", "cy"}),
        ("> @ada\n@ben", {"ben"}),
        ("> - @ada\n>\n> > @ben", set()),
        ("@ada.lovelace... @ada-", {"ada.lovelace", "ada"}),
        ("@bob. @- @x.y- @bob", {"bob.", "-", "x.y-"}),
        ("mail@ada @@ada a/@ada x.@ada @ada@host ada@example.com", set()),
        ("`@ada` ``@ada``", set()),
        ("```\n@ada\n```\n\n    @ben", set()),
        ("[@ada](https://a.example) https://a.example/@ada <https://a.example/@ada>", set()),
        ("caf\u00e9@ada @ada\u00e9 @ @. \u0434@ada", set()),
        ("你好@ben @yukiさん ไทย@ada @sol님", {"ben", "yuki", "ada", "sol"}),
        ("@ada/@ben/@sol x/@cy", {"ada", "ben", "sol"}),
        ("no at all", set()),
        (">" * 50 + " @ada", set()),
        ("[" * 10_000 + "\n@ada", {"ada"}),
    ],
)
def test_mentions_are_found_where_people_are_addressed(content: str, names: set[str]) -> None:
    assert mentioned(content, EVERYBODY) == names


def test_longest_name_is_meant() -> None:
    assert mentioned("@ada.") == {"ada", "ada."}
    assert mentioned("@ada.", {"ada", "ada."}) == {"ada."}
    assert mentioned("@ada.", {"ada"}) == {"ada"}
    assert 'href="/people/1/"' in render("Hello @ada.", {"ada": 1})
    assert render("Hello @ada.", {"ada": 1}).endswith(">@ada</a>.</p>")
    assert render("Hello @ada.", {"ada": 1, "ada.": 2}).endswith(">@ada.</a></p>")


def test_mention_links_to_the_person_and_the_text_stays_as_typed() -> None:
    html = render("Hi @ADA and @nobody", {"ada": 7})
    rel = "noopener noreferrer nofollow ugc"
    assert (
        html == f'<p>Hi <a class="mention" href="/people/7/" dir="auto" rel="{rel}">@ADA</a> and @nobody</p>'
    )


def test_address_of_a_person_is_that_of_the_page() -> None:
    assert reverse("person", args=[7]) == "/people/7/"


def test_nobody_can_type_the_link_of_a_mention() -> None:
    typed = '<a class="mention" href="/people/1/">@ben</a> [@ben](/people/1/) ![@ben](/people/1/)'
    assert "<a" not in render(typed, {"ada": 1})
    many = '<a class="mention" href="/conversations/1/members/">@room</a> [@room](/groups/1/)'
    assert many_mentioned_in(render(many)) == {}


def test_mention_of_many_people_is_found_again_in_the_html() -> None:
    many = {"room": room_address(7), "ada": room_address(7), "crew": group_address(3)}
    html = render("Hi @ada, @Room. `@room` @here @crew", {"ada": 1}, many=many)
    assert html.count("<a ") == 3
    assert many_mentioned_in(html) == {
        "room": reverse("conversation_members", args=[7]),
        "crew": reverse("group", args=[3]),
    }
    assert unlink_mentions(html, 1).count("<a ") == 2
    assert render("x" * 9_000 + "[" * 900 + " @room", many=many).count("<a ") == 1  # too complex to be parsed


def test_unlinking_keeps_every_letter_and_every_other_mention() -> None:
    html = render("@Ada @ADA @ada2 `@ada` @b.n", {"ada": 1, "ada2": 2, "b.n": 12})
    without = unlink_mentions(html, 1)
    ada2, bn = mention_link("@ada2", 2), mention_link("@b.n", 12)
    assert without == f'<p>@Ada @ADA {ada2} <code dir="ltr">@ada</code> {bn}</p>'
    assert unlink_mentions(without, 1) == without
    assert unlink_mentions(without, 12) == without.replace(bn, "@b.n")


@given(pieces())
def test_rendering_links_exactly_the_people_who_are_mentioned(content: str) -> None:
    people = {name: number for number, name in enumerate(sorted(mentioned(content)), 1)}
    html = without = render(content, people)
    for name in mentioned(content, people):
        assert f'href="/people/{people[name]}/"' in html
        without = unlink_mentions(without, people[name])
    assert 'class="mention"' not in without
    assert without == render(content)
    assert visible_text(without) == visible_text(html)
