"""The catalogs of the languages: `python -m tests.catalogs` brings them up to date (`make messages`), and
`errors` says what is wrong with them (`--check`).

A catalog has no line numbers and no dates, and its texts are in the order of their files, so that a changed
text changes a few lines of it. `python -m tests.catalogs it` adds Italian.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "messaging/locale"
WITHOUT_TEXTS = (".venv", "node_modules", "var", "tests", "e2e", "bench", "messaging/locale")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sd%]|\{\w*\}|</?[a-z]+[^>]*>|&[a-z]+;")
NUMBER = re.compile(r"%\((number|count)\w*\)[sd]")
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def po_path(code: str, locale: Path = LOCALE) -> Path:
    """The catalog of a language, which stands beside the compiled one."""
    return locale / code / "LC_MESSAGES/django.po"


def codes(locale: Path = LOCALE) -> list[str]:
    """The languages that have a catalog."""
    return sorted(path.name for path in locale.iterdir() if path.is_dir())


def update(locale: Path = LOCALE, added: tuple[str, ...] = ()) -> None:
    """Bring all catalogs up to date with the texts of the program, and compile them.

    Texts that the program has no more are dropped; those that are new stay empty.
    """
    for code in {*codes(locale), *added}:
        path = po_path(code, locale)
        path.parent.mkdir(parents=True, exist_ok=True)
    with override_settings(LOCALE_PATHS=[str(locale)]), redirect_stdout(StringIO()):
        every = sorted({*codes(locale), *added})
        call_command(
            "makemessages", locale=every, ignore_patterns=[*WITHOUT_TEXTS], add_location="file", no_wrap=True
        )
    for code in every:
        tidy(po_path(code, locale))


def tidy(path: Path) -> None:
    """Write a catalog in the form that all have, and compile it."""
    catalog = polib.pofile(str(path), wrapwidth=0)
    kept = [entry for entry in catalog if not entry.obsolete]
    kept.sort(key=lambda entry: (min((where for where, _line in entry.occurrences), default=""), entry.msgid))
    tidied = polib.POFile(wrapwidth=0)
    tidied.metadata = {key: value for key, value in catalog.metadata.items() if key not in DATES}
    for entry in kept:
        if "fuzzy" in entry.flags:  # the translation of a similar text
            entry.flags.remove("fuzzy")
            entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
        entry.occurrences = sorted({(where, "") for where, _line in entry.occurrences})
        tidied.append(entry)
    tidied.save(str(path))
    compiled(path, path.with_suffix(".mo"))


def compiled(path: Path, to: Path) -> None:
    polib.pofile(str(path), wrapwidth=0).save_as_mofile(str(to))


def errors(locale: Path = LOCALE) -> Iterator[str]:
    """What is wrong with the catalogs, each with its language."""
    spoken = {code for code, _name in settings.LANGUAGES}
    yield from (f"{code}: in LANGUAGES, but without a catalog" for code in spoken - {"en", *codes(locale)})
    yield from (f"{code}: its catalog is not in LANGUAGES" for code in codes(locale) if code not in spoken)
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        for code in codes(locale):
            po_path(code, fresh).parent.mkdir(parents=True)
            po_path(code, fresh).write_bytes(po_path(code, locale).read_bytes())
        update(fresh)
        for code in codes(locale):
            path = po_path(code, locale)
            if path.read_bytes() != po_path(code, fresh).read_bytes():
                yield f"{code}: not what `make messages` writes"
            yield from (f"{code}: {error}" for error in _of_catalog(polib.pofile(str(po_path(code, fresh)))))
            to = fresh / "compiled.mo"
            compiled(path, to)
            if (
                not path.with_suffix(".mo").exists()
                or path.with_suffix(".mo").read_bytes() != to.read_bytes()
            ):
                yield f"{code}: the .mo is not made of this .po"


def _of_catalog(catalog: polib.POFile) -> Iterator[str]:
    forms = int(re.findall(r"nplurals\s*=\s*(\d)", catalog.metadata["Plural-Forms"])[0])
    for entry in catalog:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy or not all(text.strip() for text in texts):
            yield f"not translated: {entry.msgid!r}"
        elif entry.msgid_plural and len(texts) != forms:
            yield f"{forms} plural forms are wanted: {entry.msgid!r}"
        else:
            yield from (
                f"placeholders or tags differ: {text!r}" for text in texts if not _agrees(entry, text)
            )


def _agrees(entry: polib.POEntry, text: str) -> bool:
    """Whether a translation has the placeholders, tags and blanks around it of the text. A plural form may
    leave out the number, which a word may say."""
    wanted = [Counter(PLACEHOLDER.findall(one)) for one in (entry.msgid, entry.msgid_plural or entry.msgid)]
    have = Counter(PLACEHOLDER.findall(text))
    if have not in wanted and not (
        entry.msgid_plural and _without_number(have) == _without_number(wanted[1])
    ):
        return False
    # What has a context may be a separator, which in some languages has no blank.
    return bool(entry.msgctxt) or _around(text) == _around(entry.msgid)


def _without_number(found: Counter[str]) -> Counter[str]:
    return Counter({name: count for name, count in found.items() if not NUMBER.fullmatch(name)})


def _around(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip(" \n"))], text[len(text.rstrip(" \n")) :]


if __name__ == "__main__":
    django.setup()
    if "--check" in sys.argv:
        found = list(errors())
        print(*found, sep="\n", end="\n" if found else "")
        sys.exit(bool(found))
    update(added=tuple(sys.argv[1:]))
