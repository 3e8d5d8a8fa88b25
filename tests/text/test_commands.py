"""What looks like a command and what is a text; the texts that /me and /shrug stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.text import render
from messaging.text.commands import command_in, text_of, typed_as_text
from messaging.text.excerpts import excerpt_of


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("/topic Low water", "topic", "Low water"),
        ("/Topic  Low\nwater ", "topic", "Low\nwater"),
        ("/help", "help", ""),
        ("/?", "?", ""),
        ("/unheard of", "unheard", "of"),
        ("/poll\nLunch?", "poll", "Lunch?"),
        ("/Msg@ben Hi", "msg@", "ben Hi"),
        ("/msg: @ben", "msg:", "@ben"),
        ("/msg:", "msg:", ""),
    ],
)
def test_a_word_behind_a_slash_is_a_command(typed: str, name: str, rest: str) -> None:
    assert command_in(typed) == (name, rest)


@pytest.mark.parametrize(
    "text",
    [
        *("/etc/passwd is missing", "/ 2", "/2 of us", "/", "//", "// a note", "/a/b: full", "/größe passt"),
        *(" /topic Low water", "//topic", "and/or", "Say /help", "\n/help", "/a-b c", "/" + "a" * 21),
    ],
)
def test_other_texts_are_texts(text: str) -> None:
    assert command_in(text) is None


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("//topic Low water", "/topic Low water"),
        (" /topic Low water", " /topic Low water"),
        ("// a note", "// a note"),
        ("//cdn.example/x.js", "//cdn.example/x.js"),
        ("/topic Low water", "/topic Low water"),  # a caller that runs commands has to look first
        ("Hello", "Hello"),
    ],
)
def test_a_second_slash_is_taken_away_where_it_is_needed(typed: str, sent: str) -> None:
    assert text_of(typed) == sent


@given(st.text("/?a \n:@", max_size=6) | st.text())
def test_any_text_can_be_typed(text: str) -> None:
    assert text_of(typed_as_text(text)) == text


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("/me waves", "<p><em>waves</em></p>"),
        ("/me gives 2 * 3", "<p><em>gives 2 * 3</em></p>"),
        ("/me says **hi**", "<p><em>says <strong>hi</strong></em></p>"),
        ("/me sees a snake_case", "<p><em>sees a snake_case</em></p>"),
        ("/me waves\n\n- and goes", "<p><em>waves</em></p>\n<p><em>- and goes</em></p>"),
        ("/shrug", r"<p>¯\_(ツ)_/¯</p>"),
        ("/shrug who knows", r"<p>who knows ¯\_(ツ)_/¯</p>"),
    ],
)
def test_they_are_rendered_as_they_are_meant(typed: str, html: str) -> None:
    assert render(text_of(typed)) == html


def test_lists_and_notifications_have_their_words() -> None:
    assert excerpt_of(render(text_of("/me waves at Ben")), 100) == "waves at Ben"
    assert excerpt_of(render(text_of("/shrug")), 100) == r"¯\_(ツ)_/¯"
