"""Text is written from the left or from the right as its letters are, and the pages are laid out for both."""

import re
from pathlib import Path

import pytest

from messaging.forms import ComposerForm, EditForm, ProfileForm, RemovalForm
from messaging.models import User

ROOT = Path(__file__).parents[2]
SOURCES = [path for path in (ROOT / "static/css").glob("*.css") if path.name != "app.css"]
# Properties and values that name a side of the screen, and Tailwind's classes for them.
PHYSICAL = re.compile(
    r"(?:margin|padding|border(?:-(?:top|bottom))?)-(?:left|right)\b|(?<![\w-])(?:left|right):|text-align:\s*(?:left|right)"
    r"|float:|span-(?:left|right)"
)
SIDES = re.compile(r"(?<![\w-])(margin|padding|inset|border-width|scroll-margin): ([^;{}]+)")
# The sign in a ticked box is drawn as two sides of a rotated square.
THE_SAME_FROM_BOTH_SIDES = {"border-width: 0 2px 2px 0"}
PLACED = re.compile(
    r"background(?:-position)?: [^;{}]*(?<!var\(--start\)) [0-9]+px (?:[0-9]+%?|top|bottom)\b[^;{}]*/"
)
CLASSES = re.compile(
    r'(?<![\w-])-?(?:[mp][lr]|left|right|border-[lr]|rounded-[lr]|text-left|text-right)-?\d*(?=[ "])'
)


@pytest.mark.django_db
def test_fields_follow_the_direction_of_what_is_typed(ada: User) -> None:
    fields = [
        (ComposerForm(), "content"),
        (EditForm(), "content"),
        (RemovalForm(), "reason"),
        (ProfileForm(user=ada), "display_name"),
    ]
    for form, name in fields:
        assert 'dir="auto"' in str(form[name]), (type(form), name)


def test_stylesheets_name_no_side_of_the_screen() -> None:
    assert len(SOURCES) > 5
    assert {path.name: PHYSICAL.findall(path.read_text()) for path in SOURCES} == {
        path.name: [] for path in SOURCES
    }


def test_shorthands_are_the_same_on_both_sides() -> None:
    """`padding: 1px 2px 3px 4px` names the right side first in every language."""
    given = [
        (f"{name}: {value}", re.split(r" (?![^(]*\))", value.removesuffix(" !important")))
        for path in SOURCES
        for name, value in SIDES.findall(path.read_text())
    ]
    assert len(given) > 50
    uneven = {text for text, sides in given if len(sides) == 4 and sides[1] != sides[3]}
    assert uneven == THE_SAME_FROM_BOTH_SIDES


def test_backgrounds_are_placed_from_where_lines_begin() -> None:
    assert [place for path in SOURCES for place in PLACED.findall(path.read_text())] == []


def test_templates_name_no_side_of_the_screen() -> None:
    found = {
        str(path): classes
        for path in (ROOT / "templates").rglob("*.html")
        for attribute in re.findall(r'class="[^"]*"', path.read_text())
        if (classes := CLASSES.findall(attribute))
    }
    assert found == {}
