"""The restore drill: run in a process of its own whose settings are those of a throw-away installation.

It prints JSON lines: `{"fault": sentence}` for each fault,
`{"progress": sentence}`, and at the end `{"opened": number of conversations}`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection

from messaging.backup.contents import applied_migrations, stored_names, stored_sizes
from messaging.backup.manifest import Manifest
from messaging.backup.open_conversations import open_all
from messaging.models import LinkPreview, Session
from messaging.models.messages.link_preview import key_of


def main(copy: Path) -> None:
    manifest = Manifest.read(copy)
    # Each needs what the one before has checked.
    checks = (_integrity(), _tables(manifest), _names(manifest), _signed())
    for faults in checks:
        if found := list(faults):
            for fault in found:
                _print(fault=fault)
            _print(opened=0)
            return
    opened = open_all(lambda fault: _print(fault=fault), lambda text: _print(progress=text))
    _print(opened=opened)


def _print(**said: object) -> None:
    print(json.dumps(said), flush=True)  # noqa: T201


def _integrity() -> Iterator[str]:
    """What SQLite itself finds; PostgreSQL checked it when the dump was restored."""
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            said = cursor.execute("PRAGMA integrity_check(1)").fetchone()[0]
            torn = cursor.execute("PRAGMA foreign_key_check").fetchone()
    except DatabaseError as error:
        said, torn = str(error), None
    if said != "ok":
        yield f"The database is damaged ({' '.join(said.split())[:120]}). Use another copy."
    elif torn:
        yield f"A row of {torn[0]} refers to one of {torn[2]} that is missing. Use another copy."


def _tables(manifest: Manifest) -> Iterator[str]:
    """Whether the database is the one that the manifest describes. Then it is migrated."""
    if set(applied_migrations()) != set(manifest.migrations):
        yield "The database has other migrations than the manifest says. Use another copy."
        return
    differs = False
    with connection.cursor() as cursor:
        for table, number in sorted(manifest.rows.items()):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # nosec B608
            (found,) = cursor.fetchone()
            if found != number:
                differs = True
                yield f"{table} has {found:,} rows instead of {number:,}. Use another copy."
    if not differs:
        call_command("migrate", verbosity=0, interactive=False)


def _names(manifest: Manifest) -> Iterator[str]:
    """Whether the copy has the files that the database names."""
    if manifest.storage != "folder":
        return
    for name in sorted(stored_names() - manifest.files.keys() - set(manifest.lost)):
        yield f"The database names the file {name}, which is not in the copy. Use another copy."
    for name, size in stored_sizes().items():
        if name in manifest.files and manifest.files[name][0] != size:
            yield f"The file {name} has another size than the database says. Use another copy."


def _signed() -> Iterator[str]:
    """Whether the key is the one that signed what is in the database."""
    sessions = list(Session.objects.order_by("-expire_date")[:1000])
    unreadable = sum(not session.get_decoded() for session in sessions)
    previews = LinkPreview.objects.exclude(url="").order_by("-pk")[:1000]
    wrong = sum(key_of(preview.url) != preview.key for preview in previews)
    if unreadable == len(sessions) > 0 or wrong:
        yield (
            "The key is another one than that which signed the sessions and previews in the database. "
            "Use another copy, or the key of that time."
        )
