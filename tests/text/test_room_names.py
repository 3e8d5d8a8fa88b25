"""Which rooms a text names, and how they are linked."""

import pytest

from messaging.text import render
from messaging.text.room_names import MOST, possible_rooms, rooms_in

ROOMS = {"launch": 3, "design": 4, "design team": 5, "café": 6, "设计": 7, "c&d": 8, "v2.0": 9}


def named(text: str) -> dict[str, int]:
    return rooms_in(render(text, rooms=ROOMS))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("#launch", "launch"),
        ("Ask in #launch, please", "launch"),
        ("(#launch)", "launch"),
        ("**#launch**", "launch"),
        ("> #launch", "launch"),
        ("||#launch||", "launch"),
        ("#LAUNCH", "launch"),
        ("the #design team knows", "design team"),
        ("the #design teams know", "design"),
        ("#CAFÉ!", "café"),
        ("在#设计里", "设计"),
        ("#c&d", "c&d"),
        ("#v2.0.", "v2.0"),
        ("@ada #launch", "launch"),
    ],
)
def test_a_room_is_named(text: str, name: str) -> None:
    assert named(text) == {name: ROOMS[name]}


@pytest.mark.parametrize(
    "text",
    [
        "launch",
        "# launch",
        "a#launch",
        "##launch",
        "#launcher",
        "#launch-day",
        "#launch.py",
        "/#launch",
        "`#launch`",
        "```\n#launch\n```",
        "http://example.com/#launch",
        "[#launch](http://example.com/)",
        r"\#launch",
        "#unknown",
    ],
)
def test_no_room_is_named(text: str) -> None:
    assert named(text) == {}
    assert render(text, rooms=ROOMS) == render(text)


def test_the_text_stays_as_it_was_typed_and_is_escaped() -> None:
    html = render("#C&D <b>", rooms=ROOMS)
    assert ">#C&amp;D</a> &lt;b&gt;" in html
    assert 'href="/conversations/8/"' in html


def test_of_a_hostile_text_only_the_beginning_is_looked_at() -> None:
    assert len(possible_rooms("#" + "a " * 5_000)) <= 40
    assert len(possible_rooms(" ".join(f"#room{number}" for number in range(2_000)))) <= MOST * 40
