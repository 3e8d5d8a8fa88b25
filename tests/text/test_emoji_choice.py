"""Which emoji a text names, in which skin tone, and what they are called."""

import pytest

from messaging.text.emoji import EMOJI
from messaging.text.emoji_choice import (
    TONES,
    Choice,
    choice_of,
    every_emoji,
    in_tone,
    spoken,
    takes_tone,
    typed_emoji,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👍", Choice("👍", "👍")),
        (":+1:", Choice("👍", "👍")),
        ("👍🏽", Choice("👍🏽", "👍")),
        ("☝", Choice("☝️", "☝️")),  # without the sign that makes it a picture
        ("☝🏿", Choice("☝🏿", "☝️")),
        ("❤", Choice("❤️", "❤️")),
        ("🎉🏽", Choice("🎉", "🎉")),  # it has no skin
        ("🏳️‍🌈", Choice("🏳️‍🌈", "🏳️‍🌈")),
        (" :tada: ", Choice("🎉", "🎉")),
        ("tada", None),
        ("::", None),
        ("🏽", None),
    ],
)
def test_a_text_names_an_emoji(text: str, expected: Choice | None) -> None:
    assert choice_of(text) == expected


@pytest.mark.parametrize(
    ("text", "tone", "emoji"),
    [("👍", "🏿", "👍🏿"), ("👍🏻", "🏿", "👍🏻"), ("🎉", "🏿", "🎉"), ("👍", "dark", "👍")],
)
def test_a_tone_is_for_what_has_none_of_its_own(text: str, tone: str, emoji: str) -> None:
    choice = choice_of(text, tone)
    assert choice is not None
    assert choice.emoji == emoji


def test_every_emoji_of_the_table_can_be_chosen_in_every_tone() -> None:
    assert set(every_emoji()) == set(EMOJI.values())
    for emoji in every_emoji():
        for tone in ("", *TONES):
            assert choice_of(in_tone(emoji, tone)) == Choice(in_tone(emoji, tone), emoji)
            assert (in_tone(emoji, tone) != emoji) == bool(tone and takes_tone(emoji))


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("+:tada:", ":tada:"),
        (" + :tada: ", ":tada:"),
        ("+👍🏽", "👍🏽"),
        ("+1", "1"),  # no emoji
        ("+ :tada: :tada:", ""),
        ("+:tada: for the crew", ""),
        (":tada:", ""),
        ("", ""),
    ],
)
def test_a_message_can_be_a_reaction(text: str, emoji: str) -> None:
    assert typed_emoji(text) == emoji


def test_signs_have_a_name_that_can_be_said() -> None:
    assert [spoken(emoji) for emoji in ("👍", "👎", "🎉", "🥇", ":old_ferry:", "🫆")] == [
        "thumbs up",
        "thumbs down",
        "tada",
        "1st place medal",
        "old ferry",
        "🫆",  # not in the table
    ]
