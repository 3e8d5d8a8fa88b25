"""The bytes of stored files in an export, each under its SHA-256: twice the same are there once."""

import hashlib
import os
import re
from pathlib import Path
from typing import Final

from django.core.files.base import File
from django.core.files.storage import default_storage

from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.folder import BLOCK, FILES, SHA256, path_of_bytes
from messaging.backup.folder import write_out

COPYING: Final = "copying.part"
_NAMED: Final = re.compile(r'"([0-9a-f]{64})"')


class BytesOut:
    """Copies files of the storage into an export. `lost` are the names of which the storage has no bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / FILES).mkdir(mode=0o700, exist_ok=True)
        self.lost: list[str] = []

    def take(self, name: str) -> str | None:
        """Copy a file.

        Returns:
            The SHA-256 of its bytes; None if they are not there.
        """
        part, digest = self._folder / FILES / COPYING, hashlib.sha256()
        try:
            with default_storage.open(name) as source, part.open("wb") as target:
                while block := source.read(BLOCK):
                    digest.update(block)
                    target.write(block)
        except FileNotFoundError:
            self.lost.append(name)
            return None
        sha256 = digest.hexdigest()
        path = path_of_bytes(self._folder, sha256)
        if path.exists() and path.stat().st_size == part.stat().st_size:
            part.unlink()
            return sha256
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_out(part)
        os.replace(part, path)
        return sha256


def delete_strays(folder: Path) -> None:
    """Delete bytes that no line names: of messages that were removed while an export was interrupted."""
    named: set[str] = set()
    for lines in folder.glob("*.jsonl"):
        with lines.open(encoding="utf-8") as file:
            named.update(sha256 for line in file for sha256 in _NAMED.findall(line))
    for path in (folder / FILES).glob("*/*"):
        if path.name not in named:
            path.unlink()


class BytesIn:
    """Copies files of an export into the storage. `stored` are the names that they got, to be deleted again
    if the import fails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.stored: list[str] = []

    def read(self, sha256: object) -> Path:
        """Where the bytes are.

        Raises:
            ArchiveError: this is no SHA-256, or the file is missing or has other bytes.
        """
        if not isinstance(sha256, str) or not SHA256.match(sha256):
            raise ArchiveError(f"“{str(sha256)[:70]}” is no SHA-256 of a file")
        path = path_of_bytes(self._folder, sha256)
        try:
            with path.open("rb") as file:
                is_whole = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            raise ArchiveError(f"the file {path} is missing") from None
        if not is_whole:
            raise ArchiveError(f"the file {path} is damaged: its bytes have another SHA-256")
        return path

    def store(self, sha256: object, name: str) -> str:
        """Copy the bytes into the storage.

        Returns:
            The name that they got. Raises ArchiveError: as `read`.
        """
        path = self.read(sha256)
        with path.open("rb") as file:
            stored = default_storage.save(name, File(file))
        self.stored.append(stored)
        return stored

    def delete_again(self) -> None:
        for name in self.stored:
            default_storage.delete(name)
