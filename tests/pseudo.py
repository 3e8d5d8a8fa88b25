"""A language in which every text is marked, as in ⟦Search·⟧: what is not marked was never translated.

The padding makes each text a third longer, as translations are. The English words stay as they are. It is
made from the catalogs, of Parley and of the packages that it uses, when it is needed.

The marks can also be such as nobody sees: then tests find each text as in English, and it is as wide.
"""

import re
from pathlib import Path
from typing import Final, NamedTuple

import allauth
import django
import polib

BEGIN, END, PADDING = "⟦", "⟧", "·"


class Marks(NamedTuple):
    begin: str
    end: str
    padding: str


VISIBLE: Final = Marks(BEGIN, END, PADDING)
# Zero width spaces and soft hyphens: Playwright removes both before it compares texts. Two of each, which
# nobody writes.
INVISIBLE: Final = Marks("\u200b\u200b", "\u00ad\u00ad", "")
HERE: Final = Path(__file__).parent
OTHERS: Final = (
    "django/conf",
    "django/contrib/auth",
    "django/contrib/admin",
    "django/contrib/sessions",
    "django/contrib/contenttypes",
    "django/contrib/humanize",
    "allauth",
)
# Of dates, as "l, j F Y, H:i T".
_PATTERN: Final = re.compile(r"((D|l,) )?j [FM]( Y)?(, H:i( T)?)?|F Y")


def write(locale: Path, language: str, marks: Marks = VISIBLE) -> None:
    """Write the catalog of this language, for example "en_AU", into a folder of LOCALE_PATHS."""
    packages = Path(django.__file__).parent.parent
    assert Path(allauth.__file__).parent.parent == packages
    catalogs = [polib.mofile(str(packages / name / "locale/de/LC_MESSAGES/django.mo")) for name in OTHERS]
    catalogs.append(polib.mofile(str(HERE.parent / "messaging/locale/de/LC_MESSAGES/django.mo")))
    made = polib.POFile()
    made.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    entries = {(entry.msgctxt, entry.msgid): entry for catalog in catalogs for entry in catalog}
    for (context, text), entry in entries.items():
        if _PATTERN.fullmatch(text) or not re.search("[a-z]", text, re.IGNORECASE):
            continue
        one = polib.POEntry(msgctxt=context, msgid=text, msgid_plural=entry.msgid_plural)
        if entry.msgid_plural:
            one.msgstr_plural = {0: marked(text, marks), 1: marked(entry.msgid_plural, marks)}
        else:
            one.msgstr = marked(text, marks)
        made.append(one)
    folder = locale / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    made.save_as_mofile(str(folder / "django.mo"))


def marked(text: str, marks: Marks = VISIBLE) -> str:
    words = text.strip()
    begin = text.index(words)
    padding = marks.padding * max(1, len(words) * 3 // 10)
    return f"{text[:begin]}{marks.begin}{words}{padding}{marks.end}{text[begin + len(words) :]}"
