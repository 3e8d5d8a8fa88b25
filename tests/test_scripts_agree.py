"""What stands in a script of the page and in the server, or in two scripts, is the same in both."""

import re
from pathlib import Path

import pytest

from messaging.rendering import folds, runs
from messaging.text.folding import LETTERS
from messaging.views.inbox.read_state import SEEN_AT_ONCE

STATIC = Path(__file__).parents[1] / "static"


def constant(script: str, name: str) -> int:
    """The value of a constant of a script: a product of numbers."""
    (value,) = re.findall(rf"^const {name} = ([\d_* ]+);", (STATIC / "js" / script).read_text(), re.MULTILINE)
    product = 1
    for factor in value.split("*"):
        product *= int(factor)
    return product


@pytest.mark.parametrize(
    ("script", "name", "value"),
    [
        ("timeline.js", "RUN_MS", runs.RUN_MILLISECONDS),
        ("threads.js", "FOLDED_LEVEL", folds.FOLDED_LEVEL),
        ("threads.js", "FOLDED_SIZE", folds.FOLDED_SIZE),
        ("seen.js", "MAX_IDS", SEEN_AT_ONCE),
    ],
)
def test_a_constant_is_that_of_the_server(script: str, name: str, value: int) -> None:
    assert constant(script, name) == value


def test_runs_begin_anew_after_two_of_their_lengths_as_in_the_script() -> None:
    assert "Math.floor(at / (2 * RUN_MS))" in (STATIC / "js" / "timeline.js").read_text()
    assert runs.PERIOD_MILLISECONDS == 2 * runs.RUN_MILLISECONDS


def test_the_cookie_with_the_time_zone_has_one_name() -> None:
    settings = (STATIC.parent / "site_config" / "settings.py").read_text()
    names = re.findall(r'"((?:__Host-|parley_)zone)"', settings)
    assert names == re.findall(r'"((?:__Host-|parley_)zone)"', (STATIC / "js" / "timeline.js").read_text())
    assert len(names) == 2


def test_the_panel_opens_from_one_width_on() -> None:
    width, same = (
        re.findall(r"\(width >= (\d+px)\)", (STATIC / "js" / name).read_text())
        for name in ("links.js", "continuing.js")
    )
    assert width == same
    assert f"(width < {width[0]})" in (STATIC / "css" / "shell.css").read_text()


def test_names_are_folded_with_the_letters_of_the_server() -> None:
    pairs = " ".join(f"{letter}={plain}" for letter, plain in LETTERS.items())
    assert f'"{pairs}"' in (STATIC / "js" / "completion-names.js").read_text()
