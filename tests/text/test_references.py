"""Which links of a text are references to messages."""

import pytest

from messaging.text import render
from messaging.text.references import Reference, ends_with_link, references_in

HERE = "https://chat.example/messages/12/"


@pytest.mark.parametrize(
    "text",
    [
        HERE,
        f"<{HERE}>",
        f"[that]({HERE})",
        f"**{HERE}**",
        f"({HERE}).",
        f"- {HERE}",
        HERE.replace("c", "C", 1),
    ],
)
def test_an_address_of_a_message_is_a_reference(text: str) -> None:
    assert references_in(render(text)) == [Reference("chat.example", 12)]


@pytest.mark.parametrize("host", ["localhost:8000", "[::1]:8000", "10.0.0.7", "chat.my_team.example:443"])
def test_any_host_can_be_that_of_a_site(host: str) -> None:
    assert references_in(render(f"http://{host}/messages/7/")) == [Reference(host, 7)]


@pytest.mark.parametrize(
    "text",
    [
        f"> {HERE}",
        f"> > {HERE}\n>\n> {HERE}",
        f"||{HERE}||",
        f"`{HERE}`",
        f"{HERE}edit/",
        f"{HERE}?at=1",
        "https://chat.example/messages/012/",
        "https://chat.example/messages/99999999999999999999/",
        "https://chat.example/x/messages/12/",
        "https://ada@chat.example/messages/12/",
        "/messages/12/",
    ],
)
def test_what_is_no_reference(text: str) -> None:
    assert references_in(render(text)) == []


def test_a_reference_behind_a_quote_counts() -> None:
    assert references_in(render(f"> {HERE}\n\n{HERE.replace('12', '13')}")) == [Reference("chat.example", 13)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HERE, True),
        (f"Look:\n\n{HERE}", True),
        (f"Look: {HERE}", False),
        (f"Look:\n{HERE}", False),
        (f"[that]({HERE})", False),
        (f"{HERE}\n\nLook", False),
        (f"- {HERE}", False),
    ],
)
def test_whether_a_text_ends_with_nothing_but_an_address(text: str, expected: bool) -> None:
    assert ends_with_link(render(text)) is expected
