"""The folder of an export: its files of lines, the bytes of stored files, and what says that it is whole."""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from messaging.archive.site.errors import ArchiveError
from messaging.backup.folder import write_out

FORMAT: Final = "parley site"
VERSION: Final = 1
CONTENTS: Final = "export.json"  # is there once the export is whole
UNFINISHED: Final = "unfinished.json"
FILES: Final = "files"
BLOCK: Final = 1024 * 1024
SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
LINES_NAME: Final = re.compile(r"([a-z_]+?)(?:-([0-9]{5}))?\.jsonl\Z")
_PART: Final = ".part"


def path_of_bytes(folder: Path, sha256: str) -> Path:
    """Where the bytes with this hash are."""
    return folder / FILES / sha256[:2] / sha256


def write_lines(path: Path, lines: Iterable[object]) -> int:
    """Write values as JSON lines. The file gets its name when all of it is on the disk.

    Returns:
        How many there were.
    """
    part, number = path.with_name(path.name + _PART), 0
    with part.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            json.dump(line, file, ensure_ascii=False, separators=(",", ":"))
            file.write("\n")
            number += 1
    _name(part, path)
    return number


def write_json(path: Path, content: object) -> None:
    part = path.with_name(path.name + _PART)
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    _name(part, path)


def read_json(path: Path) -> dict[str, Any]:
    """Raises ArchiveError: it cannot be read."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise ArchiveError(f"{path} is damaged. Use another export, or make one again.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ArchiveError(f"{path} is not of an export of Parley.")
    return content


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file that this program wrote."""
    with path.open("rb") as file:
        yield from map(json.loads, file)


def described(path: Path) -> dict[str, object]:
    """How many lines a file has, its size in bytes and its SHA-256."""
    digest, lines, size = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            lines += block.count(b"\n")
            size += len(block)
    return {"lines": lines, "bytes": size, "sha256": digest.hexdigest()}


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one export. Raises ArchiveError: it cannot be written, or another one has it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written ({error.strerror}). Choose another one.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ArchiveError(f"Another export into {folder} is being made. Wait for it to end.") from None
    finally:
        os.close(lock)


def delete_parts(folder: Path) -> None:
    """Delete what an interruption left half written."""
    for part in (*folder.glob(f"*{_PART}"), *(folder / FILES).glob(f"*{_PART}")):
        part.unlink()


def _name(part: Path, path: Path) -> None:
    write_out(part)
    part.replace(path)
    write_out(path.parent)
