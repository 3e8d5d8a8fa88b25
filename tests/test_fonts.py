"""The fonts have the weights that the stylesheet asks for, and those that every page uses are preloaded."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for path in (ROOT / "static/css").glob("*.css") if path.name not in ("app.css", "tokens.css")]
CSS = "\n".join(path.read_text() for path in SOURCES)
TOKENS = (ROOT / "static/css/tokens.css").read_text()
FACES = re.findall(r"@font-face \{(.*?)\n\}", TOKENS, re.DOTALL)


def weights(family: str, style: str) -> range:
    """The weights that the face of this family and style has."""
    for face in FACES:
        is_italic = "font-style: italic" in face
        if f'font-family: "{family}"' in face and is_italic == (style == "italic"):
            found = [int(number) for number in re.findall(r"font-weight: (.*);", face)[0].split()]
            return range(found[0], found[-1] + 1)
    raise AssertionError(f"There is no {style} face of {family}.")


def test_every_weight_of_the_stylesheet_is_in_its_font() -> None:
    shorthands = re.findall(r"font: (italic )?(\d+) [^;]*var\(--(\w+)\)", CSS)
    assert len(shorthands) > 5
    for italic, weight, font in shorthands:
        if font != "mono":
            family = {"sans": "Inter", "serif": "Parley Serif"}[font]
            assert int(weight) in weights(family, "italic" if italic else "normal"), (italic, weight, font)
    plain = {int(weight) for weight in re.findall(r"font-weight: (\d+)", CSS)}
    assert {400, 500, 600} <= plain <= set(weights("Inter", "normal"))


@pytest.mark.parametrize("name", ["inter", "serif"])
def test_the_fonts_of_every_page_are_preloaded(name: str) -> None:
    head = (ROOT / "templates/_head.html").read_text()
    assert re.search(rf"<link rel=\"preload\" href=\"{{% static 'fonts/{name}.woff2' %}}\" as=\"font\"", head)
    assert f'url("../fonts/{name}.woff2")' in TOKENS


def test_each_font_is_used_and_small_and_has_its_licence_beside_it() -> None:
    files = {path.name: path.stat().st_size for path in (ROOT / "static/fonts").glob("*.woff2")}
    assert files.keys() == set(re.findall(r'url\("\.\./fonts/([\w-]+\.woff2)"\)', TOKENS))
    assert sum(files.values()) < 70_000
    licences = [path.read_text() for path in (ROOT / "static/fonts").glob("*LICENSE.txt")]
    assert len(licences) == 2
    assert all("SIL OPEN FONT LICENSE Version 1.1" in text for text in licences)
