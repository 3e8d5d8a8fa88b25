"""Messages of more than thirty lines are folded; blocks of code can be copied."""

import pytest

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.rendering.code_blocks import with_copy_buttons
from messaging.rendering.long_texts import LINE_CHARACTERS, MAX_LINES, is_long
from messaging.rendering.message_html import message_html
from messaging.text.rendering import render


def lines(number: int, text: str = "Wave") -> str:
    return "\n".join([text] * number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (lines(MAX_LINES), False),
        (lines(MAX_LINES + 1), True),
        ("x" * LINE_CHARACTERS * MAX_LINES, False),
        ("x" * (LINE_CHARACTERS * MAX_LINES + 1), True),
        ("海" * (LINE_CHARACTERS * MAX_LINES // 2 + 1), True),
        ("海" * (LINE_CHARACTERS * MAX_LINES // 2), False),
        ("\n\n".join(["A paragraph"] * 20), False),
        ("\n\n".join(["A paragraph"] * 30), True),
        (lines(16, "y" * (LINE_CHARACTERS + 1)), True),
        ("```\n" + lines(40) + "\n```", True),
        ("", False),
    ],
)
def test_a_text_is_long_if_it_takes_more_lines_than_are_shown(text: str, expected: bool) -> None:
    assert is_long(text) is expected


@pytest.mark.django_db
def test_a_long_message_has_the_control_and_all_of_its_text(room: Conversation, ada: User) -> None:
    short, long = post(room, ada, lines(3)), post(room, ada, lines(31))
    assert "<details" not in message_html(short, 1)
    html = message_html(long, 1)
    assert html.count("<details") == 1
    assert html.count("Wave") == 31
    long.remove(by=ada)
    assert "<details" not in message_html(long, 1)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Only words, `code` among them", 0),
        ("```\ntide()\n```", 1),
        ("    tide()", 1),
        ("> ```\n> tide()\n> ```\n\n- wave\n  ```py\n  tide()\n  ```", 2),
        ("[x](http://harbour.example/<pre>) &lt;pre&gt; `<pre>` <pre>", 0),
        ("```\n<pre></pre>\n```", 1),
    ],
)
def test_each_block_of_code_has_a_button(text: str, blocks: int) -> None:
    html = with_copy_buttons(render(text))
    assert html.count("<button") == html.count("</pre></div>") == blocks
    assert html.count("</button><pre>") == blocks


def test_nothing_in_an_attribute_is_taken_for_code() -> None:
    html = '<p><a href="http://harbour.example/<pre>">x</a></p>'
    assert with_copy_buttons(html) == html
