"""Text is written from the left or from the right as its letters are, and the pages are laid out for both."""

import re
from pathlib import Path

import pytest

from messaging.forms import ComposerForm, EditForm, ProfileForm, RemovalForm
from messaging.models import User

ROOT = Path(__file__).parents[2]
# Properties and values that name a side of the screen, and Tailwind's classes for them.
PHYSICAL = re.compile(
    r"(?:margin|padding|border(?:-(?:top|bottom))?)-(?:left|right)\b|(?<![\w-])(?:left|right):|text-align:\s*(?:left|right)"
    r"|float:|span-(?:left|right)"
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
    sources = [path for path in (ROOT / "static/css").glob("*.css") if path.name != "app.css"]
    assert len(sources) > 5
    assert {path.name: PHYSICAL.findall(path.read_text()) for path in sources} == {
        path.name: [] for path in sources
    }


def test_templates_name_no_side_of_the_screen() -> None:
    found = {
        str(path): classes
        for path in (ROOT / "templates").rglob("*.html")
        for attribute in re.findall(r'class="[^"]*"', path.read_text())
        if (classes := CLASSES.findall(attribute))
    }
    assert found == {}
