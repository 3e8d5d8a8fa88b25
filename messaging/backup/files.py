"""Copying the files of the storage, which is a folder."""

import hashlib
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage

from messaging.backup.manifest import FILES
from messaging.backup.progress import Say, counted

_BLOCK: Final = 1024 * 1024
Entry = tuple[int, str]  # size in bytes, SHA-256


class FileCopies:
    """The files of a copy that is being made.

    Args:
        copy: its folder.
        before: the previous copy. Files that it has too are linked.
    """

    def __init__(self, copy: Path, before: Path | None, known: dict[str, Entry]) -> None:
        self._folder = copy / FILES
        self._folder.mkdir(mode=0o700)
        self._before = before / FILES if before else None
        self._known = known
        self.entries: dict[str, Entry] = {}
        self.shared = 0  # how many are links to the copy before
        self.rescued: set[str] = set()  # are gone from the storage, and come from the copy before

    def take(self, names: Collection[str], say: Say) -> set[str]:
        """Copy those that are not copied yet.

        Returns:
            Those that neither the storage nor the previous copy has.
        """
        new = sorted(set(names) - self.entries.keys())
        return {name for name in counted(new, len(new), "files", say) if not self._take(name)}

    def drop_all_but(self, names: Collection[str]) -> None:
        """Delete from the copy what the database does not name any more."""
        for name in self.entries.keys() - set(names):
            (self._folder / name).unlink()
            del self.entries[name]

    def _take(self, name: str) -> bool:
        source = Path(default_storage.path(name))  # raises if the name leads out of the storage
        target = self._folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            if not self._link(name, source, target):
                self.entries[name] = _copied(source, target)
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            return self._rescue(name, target)
        return True

    def _rescue(self, name: str, target: Path) -> bool:
        """Take a file that is not in the storage from the copy before; False if that has none.

        Otherwise a storage that lost its files would empty every copy in time, as older ones are deleted.
        """
        if not (self._before and name in self._known):
            return False
        try:
            self.entries[name] = _copied(self._before / name, target)
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            return False
        self.rescued.add(name)
        return True

    def _link(self, name: str, source: Path, target: Path) -> bool:
        """Share the file of the copy before; False where that is not possible."""
        entry = self._known.get(name)
        if not (self._before and entry):
            return False
        former = self._before / name
        try:
            if not source.stat().st_size == former.stat().st_size == entry[0]:
                return False
            os.link(former, target)
        except OSError:  # the file system has no links, or too many of this file
            if not source.exists():
                raise FileNotFoundError(name) from None
            return False
        self.entries[name] = entry
        self.shared += 1
        return True


def _copied(source: Path, target: Path) -> Entry:
    digest, size = hashlib.sha256(), 0
    opener = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as read, os.fdopen(opener, "wb") as written:
        while block := read.read(_BLOCK):
            written.write(block)
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def bytes_to_copy(names: Collection[str], known: Collection[str]) -> int:
    """How many bytes of these files the copy before does not have."""
    total = 0
    for name in set(names) - set(known):
        path = Path(default_storage.path(name))
        total += path.stat().st_size if path.exists() else 0
    return total


def free_bytes(folder: Path) -> int:
    """How much room is on the disk of a folder, which need not exist yet."""
    while not folder.exists():
        folder = folder.absolute().parent
    return shutil.disk_usage(folder).free
