"""Dates and times are written as each language writes them, and English pages as they always were."""

import importlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from messaging.formats.en import formats as english
from messaging.rendering.times import time_values

ROOT = Path(__file__).parent.parent
AT = datetime(2027, 3, 3, 14, 5, tzinfo=UTC)
LANGUAGES = sorted(code for code, _name in settings.LANGUAGES)


def names_of(module: object) -> set[str]:
    return {name for name in vars(module) if name.endswith("_FORMAT")}


def shown(name: str, language: str) -> str:
    with translation.override(language):
        return Template("{{ at|date:name }}").render(Context({"at": AT, "name": name}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_format(language: str) -> None:
    module = importlib.import_module(f"messaging.formats.{language}.formats")
    assert names_of(module) == names_of(english)


def test_every_format_that_is_used_exists() -> None:
    sources = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "messaging").rglob("*.py")]
    asked = r"""\|date:["']([^"']+)["']|date_format\([^\n]*["'](\w+)["']|_midnight\(day, "(\w+)\""""
    used = {"".join(found) for path in sources for found in re.findall(asked, path.read_text())}
    assert "DATE_FORMAT" in used
    assert used - {"c", "Y-m-d"} <= names_of(english)  # these two are for scripts


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("ZONED_DATETIME_FORMAT", "en", "3 March 2027, 14:05 UTC"),
        ("WEEKDAY_MONTH_DAY_TIME_FORMAT", "en", "Wednesday, 3 March, 14:05"),
        ("DATE_FORMAT", "de", "3. März 2027"),
        ("WEEKDAY_DATETIME_FORMAT", "fr", "mercredi 3 mars 2027 à 14:05"),
        ("WEEKDAY_DATE_FORMAT", "es", "miércoles, 3 de marzo de 2027"),
        ("DATETIME_FORMAT", "ar", "3 مارس 2027، 14:05"),
        ("SHORT_WEEKDAY_TIME_FORMAT", "ja", "3月3日(水) 14:05"),
    ],
)
def test_a_date_is_written_as_in_the_language(name: str, language: str, expected: str) -> None:
    assert shown(name, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_shared_html_has_the_times_of_the_language(language: str) -> None:
    with translation.override(language):
        values = time_values("sent", AT, with_day=True)
    assert values["sent_shown"] == shown("SHORT_MONTH_DAY_TIME_FORMAT", language)
    assert values["sent_title"] == shown("ZONED_WEEKDAY_DATETIME_FORMAT", language)
