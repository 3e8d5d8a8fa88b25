"""The manifest of a copy: what must be in it, signed with the installation's key.

The signature tells whether the key beside it is the one with which the database was used.
"""

import hashlib
import hmac
import json
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from django.conf import settings

from messaging.backup.errors import BackupError

NAME: Final = "manifest.json"
KEY: Final = "secret_key"
FILES: Final = "files"
FORMAT: Final = 1


@dataclass
class Manifest:
    """What a copy contains.

    Attributes:
        made_at: the moment of its database, ISO 8601.
        parley: the version of Parley that made it.
        vendor: "sqlite" or "postgresql".
        server: the version of the database program.
        database: the name of its file, its size in bytes and its SHA-256.
        storage: "folder" if the files are in the copy, "bucket" if they are not.
        files: for each name in the storage its size in bytes and its SHA-256.
        lost: names that the database has and whose bytes were not in the storage.
        rows: the number of rows of each table.
        migrations: those that are applied, as "app.name".
    """

    made_at: str
    vendor: str
    server: str
    storage: str
    database: tuple[str, int, str] = ("", 0, "")
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    migrations: list[str] = field(default_factory=list)
    parley: str = ""
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        return self.database[1] + sum(size for size, _ in self.files.values())

    @property
    def time(self) -> str:
        """`made_at` for people."""
        return f"{datetime.fromisoformat(self.made_at).astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    def write(self, copy: Path, key: str) -> None:
        content = asdict(self)
        path = copy / NAME
        path.write_text(json.dumps({**content, "signature": _signature(content, key)}, indent=1))
        path.chmod(0o600)

    @classmethod
    def read(cls, copy: Path) -> "Manifest":
        """The manifest of a copy. This does not check the signature (`is_signed_with`).

        Raises:
            BackupError: there is none, or it cannot be read.
        """
        content = _content(copy)
        content.pop("signature", None)
        try:
            manifest = cls(**content)
            manifest.database = _triple(manifest.database)
            manifest.files = {name: (int(size), str(sha)) for name, (size, sha) in manifest.files.items()}
            manifest.rows = {table: int(number) for table, number in manifest.rows.items()}
            datetime.fromisoformat(manifest.made_at)
            if not all(map(_stays_inside, (*manifest.files, manifest.database[0]))):
                raise ValueError
        except (TypeError, ValueError, AttributeError):
            raise _unreadable(copy) from None
        return manifest

    @staticmethod
    def is_signed_with(copy: Path, key: str) -> bool:
        content = _content(copy)
        signature = str(content.pop("signature", ""))
        return hmac.compare_digest(signature, _signature(content, key))


def version() -> str:
    """The version of this Parley."""
    with open(settings.BASE_DIR / "pyproject.toml", "rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_of(copy: Path) -> str:
    """The key in a copy; empty if there is none."""
    try:
        return (copy / KEY).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _content(copy: Path) -> dict[str, Any]:
    try:
        content = json.loads((copy / NAME).read_text())
    except FileNotFoundError:
        raise BackupError(
            f"{copy} is no whole copy: it has no {NAME}. Use another copy, or make one "
            f"({settings.MANAGE} backup)."
        ) from None
    except (OSError, ValueError):
        raise _unreadable(copy) from None
    if not isinstance(content, dict):
        raise _unreadable(copy)
    if content.get("format") != FORMAT:
        raise BackupError(f"{copy} was made by another version of Parley: use that version to restore it.")
    return content


def _triple(values: Any) -> tuple[str, int, str]:
    name, size, sha = values
    return str(name), int(size), str(sha)


def _stays_inside(name: str) -> bool:
    """Whether a name leads to a place below the folder of the copy, and of the storage."""
    path = PurePosixPath(name)
    return "\0" not in name and not path.is_absolute() and ".." not in path.parts and str(path) == name


def _unreadable(copy: Path) -> BackupError:
    return BackupError(f"{copy / NAME} is damaged. Use another copy, or make one ({settings.MANAGE} backup).")


def _signature(content: dict[str, Any], key: str) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(b"parley backup" + key.encode(), canonical, "sha256").hexdigest()
