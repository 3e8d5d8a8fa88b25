"""The icons are one file, in which the stylesheet finds each by its place (static/icons/build.mjs)."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ICONS = sorted((ROOT / "static/icons").glob("*.svg"))
CSS = (ROOT / "static/css/icons.css").read_text()
PLACES = {name: int(place) for name, place in re.findall(r"\.icon-(\w+) \{ --icon: (\d+); \}", CSS)}


def test_every_icon_is_in_its_place() -> None:
    drawn = re.findall(
        r'<g transform="translate\(0 (\d+)\)">(.*)</g>', (ROOT / "static/icons.svg").read_text()
    )
    assert PLACES.keys() == {path.stem for path in ICONS}
    assert len(drawn) == len(ICONS)
    for path in ICONS:
        inside = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", path.read_text())
        assert drawn[PLACES[path.stem]] == (str(20 * PLACES[path.stem]), inside)


def test_the_stylesheet_knows_how_many_there_are() -> None:
    assert f"* 100% / {len(ICONS) - 1}) / 100% {len(ICONS)}00% no-repeat" in CSS


def test_every_icon_that_is_used_exists_and_every_one_is_used() -> None:
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    scripts = "".join(path.read_text() for path in (ROOT / "static/js").glob("*.js"))
    used = set(re.findall(r"\bicon-(\w+)\b(?!-)", templates + scripts)) - {"button"}
    assert used == PLACES.keys()


def test_no_picture_of_a_stylesheet_is_a_request_of_its_own() -> None:
    built = (ROOT / "static/css/app.css").read_text()
    pictures = {url for url in re.findall(r"url\(\"?([^)\"]+)", built) if not url.endswith(".woff2")}
    assert pictures == {"../icons.svg"}
