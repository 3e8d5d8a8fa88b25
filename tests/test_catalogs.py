"""The check of the catalogs finds what is wrong with one, and nothing is wrong with ours."""

import shutil
from collections.abc import Callable
from pathlib import Path

import polib
import pytest

from tests import catalogs

pytestmark = pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is missing")


def entry_of(catalog: polib.POFile, text: str) -> polib.POEntry:
    found = catalog.find(text)
    assert found
    return found


def drop(catalog: polib.POFile) -> None:
    catalog.remove(entry_of(catalog, "Settings saved."))


def empty(catalog: polib.POFile) -> None:
    entry_of(catalog, "Settings saved.").msgstr = ""


def make_fuzzy(catalog: polib.POFile) -> None:
    entry_of(catalog, "Settings saved.").flags.append("fuzzy")


def lose_a_placeholder(catalog: polib.POFile) -> None:
    entry_of(catalog, "Unread: %(place)s · %(site)s").msgstr = "Ungelesen: %(place)s"


def lose_a_tag(catalog: polib.POFile) -> None:
    entry = next(entry for entry in catalog if "<b" in entry.msgid)
    entry.msgstr = entry.msgstr.replace("<b", "<i").replace("</b", "</i")


def lose_a_place_of_scripts(catalog: polib.POFile) -> None:
    entry_of(catalog, "New since {time}").msgstr = "Neu"


def lose_a_plural(catalog: polib.POFile) -> None:
    entry_of(catalog, "%(number)d reply").msgstr_plural[1] = ""


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (drop, "not translated: 'Settings saved.'"),
        (empty, "not translated: 'Settings saved.'"),
        (make_fuzzy, "not translated: 'Settings saved.'"),
        (lose_a_placeholder, "placeholders or tags differ"),
        (lose_a_tag, "placeholders or tags differ"),
        (lose_a_place_of_scripts, "placeholders or tags differ"),
        (lose_a_plural, "not translated: '%(number)d reply'"),
    ],
)
def test_a_fault_in_a_catalog_is_found(
    tmp_path: Path, fault: Callable[[polib.POFile], None], said: str
) -> None:
    path = catalogs.po_path("de", tmp_path)
    path.parent.mkdir(parents=True)
    shutil.copy(catalogs.po_path("de"), path)
    catalog = polib.pofile(str(path), wrapwidth=0)
    fault(catalog)
    catalog.save()
    catalogs.compiled(path, path.with_suffix(".mo"))
    found = [error for error in catalogs.errors(tmp_path) if error.startswith("de:")]
    assert any(said in error for error in found), found


def test_a_compiled_catalog_of_another_text_is_found(tmp_path: Path) -> None:
    path = catalogs.po_path("de", tmp_path)
    path.parent.mkdir(parents=True)
    shutil.copy(catalogs.po_path("de"), path)
    path.with_suffix(".mo").write_bytes(catalogs.po_path("fr").with_suffix(".mo").read_bytes())
    assert "de: the .mo is not made of this .po" in list(catalogs.errors(tmp_path))
