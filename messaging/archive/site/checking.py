"""Whether a folder is a whole export that can be imported here. Nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from messaging.archive.site import folder as folders
from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.folder import CONTENTS, LINES_NAME, UNFINISHED, VERSION
from messaging.archive.site.nouns import FIRST, LAST, MESSAGES
from messaging.models import Conversation, CustomEmoji, User, UserGroup

MUST_BE_EMPTY: Final = (User, Conversation, UserGroup, CustomEmoji)
KNOWN: Final = frozenset(noun.name for noun in (*FIRST, MESSAGES, *LAST))
_AGAIN: Final = "Copy the export once more, or make another one."


def check_empty() -> None:
    """Raises ArchiveError: somebody or something is in this installation already."""
    for model in MUST_BE_EMPTY:
        if model._default_manager.exists():
            raise ArchiveError(
                f"There are {model._meta.verbose_name_plural} in this installation. A site can only be "
                "imported into an empty one: another PARLEY_VAR, or another DATABASE_URL."
            )


def checked_contents(folder: Path, show: Callable[[str, float, str], object]) -> dict[str, Any]:
    """What `export.json` says, after the files of lines were compared with it.

    Raises:
        ArchiveError: the folder is no whole export, or was made by a newer version.
    """
    if (folder / UNFINISHED).exists():
        raise ArchiveError(
            f"The export in {folder} was interrupted. Run the same {settings.MANAGE} export_site again first."
        )
    if not (folder / CONTENTS).is_file():
        raise ArchiveError(f"{folder} is no export: it has no {CONTENTS}.")
    contents = folders.read_json(folder / CONTENTS)
    _check_version(contents, folder)
    lines = contents.get("lines")
    if not isinstance(lines, dict):
        raise ArchiveError(f"{folder / CONTENTS} does not say which files there are. {_AGAIN}")
    for done, (name, described) in enumerate(sorted(lines.items())):
        show("Checking", done / len(lines), name)
        _check_file(folder, name, described)
    show("Checking", 1.0, "the export is whole")
    return contents


def names_of(contents: dict[str, Any], noun: str) -> list[str]:
    """The files of one noun, in order."""
    names = (name for name in contents["lines"] if (found := LINES_NAME.match(name)) and found[1] == noun)
    return sorted(names)


def _check_version(contents: dict[str, Any], folder: Path) -> None:
    """Raises ArchiveError: the format is newer than this version of Parley, or it is not said which it is."""
    number = contents.get("version")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ArchiveError(f"{folder / CONTENTS} has no version of the format. {_AGAIN}")
    if number > VERSION:
        raise ArchiveError(
            f"{folder} was made by a newer version of Parley ({str(contents.get('parley'))[:20]}): its "
            f"format has number {number}, and this version reads up to {VERSION}. Upgrade Parley."
        )


def _check_file(folder: Path, name: str, described: object) -> None:
    form = LINES_NAME.match(name)  # which no path with a slash or ".." has
    if form is None or form[1] not in KNOWN:
        raise ArchiveError(f"{folder / CONTENTS} names “{name[:80]}”, which is no file of an export.")
    path = folder / name
    if not path.is_file() or path.is_symlink():
        raise ArchiveError(f"{path} is missing. {_AGAIN}")
    found = folders.described(path)
    if found == described:
        return
    size = described.get("bytes") if isinstance(described, dict) else None
    if isinstance(size, int) and int(str(found["bytes"])) < size:
        line = int(str(found["lines"])) + 1
        raise ArchiveError(f"{path} ends too early, in line {line:,}. {_AGAIN}")
    raise ArchiveError(f"{path} was changed since it was exported: it has another SHA-256. {_AGAIN}")
