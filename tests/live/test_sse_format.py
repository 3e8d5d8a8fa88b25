"""Cursors and the form of events: what a page sends back and what a browser can read."""

import pytest

from messaging.live.cursor import Cursor
from messaging.live.sse_format import BEAT, event, json_event, swap
from messaging.models.db.numbers import LARGEST_ID


def test_a_cursor_is_the_same_after_formatting_and_parsing() -> None:
    for language in ("", "de", "pt-br"):
        cursor = Cursor("5d41402abc4b2a76b9719d911017c592", 3, 1_000_000, language)
        assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "e.1",
        "e.1.2.3",
        "e.1.2.de.3",
        "e.1.2.é",
        "e.-1.2",
        "e.1.²",
        "e.1. 2",
        "e.1.+2",
        f"e.1.{'9' * 5000}",
    ],
)
def test_an_invalid_cursor_is_parsed_as_none(text: str) -> None:
    assert Cursor.parse(text) is None


def test_no_cursor_is_larger_than_a_database_can_hold() -> None:
    assert Cursor.parse("e.1." + "9" * 19) == ("e", 1, LARGEST_ID, "")


def test_an_event_is_a_name_and_data_and_ends_with_an_empty_line() -> None:
    assert event("reset") == b"event: reset\ndata: \n\n"
    assert BEAT == b"event: beat\ndata: \n\n"
    assert json_event("typing", {"b": [1, 2], "a": None}) == b'event: typing\ndata: {"a":null,"b":[1,2]}\n\n'


def test_every_line_of_the_data_is_a_separate_field() -> None:
    assert swap("<p>\n\n</p>", "e.1.2") == b"id: e.1.2\ndata: <p>\ndata: \ndata: </p>\n\n"
    assert swap("a\rb\r\nc", "e.1.2") == b"id: e.1.2\ndata: a\ndata: b\ndata: c\n\n"


def test_text_cannot_begin_a_field() -> None:
    assert event("x", "1\nid: stolen").decode().splitlines() == [
        "event: x",
        "data: 1",
        "data: id: stolen",
        "",
    ]
