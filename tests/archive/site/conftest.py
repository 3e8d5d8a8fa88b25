import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.archive.site.full_site import build

Export = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Exports what is in the database into a new folder of this name."""

    def run(name: str, *options: str) -> Path:
        call_command("export_site", str(tmp_path / name), *options, stdout=StringIO(), stderr=StringIO())
        return tmp_path / name

    return run


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the export is kept that several tests need."""
    return tmp_path_factory.mktemp("exports") / "whole"


@pytest.fixture
def whole(db: None, once: Path, export: Export, tmp_path: Path) -> Path:
    """A whole export of a site in which everything occurs. The database is empty again after it."""
    if not once.exists():
        with transaction.atomic():
            build()
            call_command("export_site", str(once), "--with-private", stdout=StringIO(), stderr=StringIO())
            transaction.set_rollback(True)
    return Path(shutil.copytree(once, tmp_path / "whole"))


def lines(folder: Path, name: str) -> list[Any]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def imported(folder: Path) -> str:
    """Imports a folder, and returns what was printed."""
    out = StringIO()
    call_command("import_site", str(folder), stdout=out, stderr=StringIO())
    return out.getvalue()


def comparable(folder: Path) -> dict[str, Any]:
    """The lines of an export, but for what an import changes: its own entries in the audit log, and when an
    open anonymous poll ended."""
    found = {path.name: lines(folder, path.stem) for path in sorted(folder.glob("*.jsonl"))}
    found["audit_log.jsonl"] = [
        line for line in found["audit_log.jsonl"] if line["act"] not in ("exported_site", "imported_site")
    ]
    for message in found["messages-00001.jsonl"]:
        if message.get("poll", {}).get("is_anonymous"):
            message["poll"].pop("closed_at", None)
    return found


def files(folder: Path) -> dict[str, bytes]:
    """The bytes of stored files, by their hashes."""
    return {path.name: path.read_bytes() for path in (folder / "files").rglob("*") if path.is_file()}
