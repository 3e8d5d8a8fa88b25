"""Text is written from the left or from the right as its letters are, and the pages are laid out for both."""

import re
from html.parser import HTMLParser
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
NAME = re.compile(
    r"\{\{ (?:(?:\w+\.)*(?:person|user|sender|author|room|conversation|group|entry|added_by|created_by)"
    r"\.(?:name|username|title|handle)|title) \}\}"
)
# What is called `title` or `name` there is a text of the page; the third stands in elements with `dir`.
OTHERS = {"_emoji_groups.html", "_keys.html", "_message_place.html"}
PART = re.compile(r"\{% block title %\}.*?\{% endblock %\}|\{#.*?#\}|\{%.*?%\}")


class Names(HTMLParser):
    """Finds the names in a template that are in a line with other text, which they could turn around."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.within: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[str] = []
        isolated = {f"{{{{ {name} }}}}" for name in re.findall(r"(\w+)=\S+\|bdi", template)}
        self.feed(PART.sub("", template))
        self.found = [name for name in self.found if name not in isolated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"br", "hr", "img", "input", "link", "meta"}:
            self.within.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        is_heard_only = any("sr-only" in (given.get("class") or "") for _, given in self.within)
        tag, given = self.within[-1] if self.within else ("", {})
        if tag not in {"bdi", "option", "title"} and "dir" not in given and not is_heard_only:
            self.found += NAME.findall(data)


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


def test_names_in_lines_of_other_text_keep_their_direction() -> None:
    """Without `<bdi>` or `dir`, a Latin name before a date turns the date around on an Arabic page."""
    assert Names("<p>{{ person.name }}, 3</p><p dir='auto'>{{ room.name }}</p>").found == [
        "{{ person.name }}"
    ]
    found = {
        str(path): names
        for path in (ROOT / "templates").rglob("*.html")
        if (names := Names(path.read_text()).found) and path.name not in OTHERS
    }
    assert found == {}
