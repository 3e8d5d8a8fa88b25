"""`manage.py backup`: what is in a copy, what it shares, and what is left of one that fails."""

import json
import stat
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from pytest_django import Settings

from messaging.backup import contents, making, verifying
from messaging.backup import folder as copies
from messaging.backup.files import FileCopies
from messaging.backup.manifest import FILES, KEY, Manifest
from messaging.models import Attachment, Conversation, Installation, Message
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.queue import run_tasks
from tests.views.messages.conftest import a_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def backup(folder: Path, **options: object) -> tuple[Path, str]:
    """Make a copy; returns it, and what was printed."""
    out = StringIO()
    call_command("backup", folder, stdout=out, stderr=out, **options)
    return copies.chosen(folder), out.getvalue()


def verify(folder: Path, **options: object) -> str:
    out = StringIO()
    call_command("verify_backup", folder, stdout=out, **options)
    return out.getvalue()


def test_a_copy_has_everything_and_can_be_opened(filled: Conversation, folder: Path) -> None:
    copy, printed = backup(folder)
    manifest = Manifest.read(copy)
    assert set(manifest.files) == contents.stored_names()
    # The bytes of a file and of a prepared picture with its thumbnail, of a preview, an emoji and an avatar.
    assert len(manifest.files) == 6
    assert f"{len(manifest.files)} files" in printed
    assert manifest.rows["messaging_message"] == 4
    assert (copy / KEY).read_text() == "for tests"
    assert "1 conversation opened" in verify(copy)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, copy, *copy.rglob("*"))}
    assert modes == {0o600, 0o700}


def test_the_next_copy_shares_files_and_has_what_came_since(filled: Conversation, folder: Path) -> None:
    first, _ = backup(folder)
    ada = filled.memberships.first().user  # type: ignore[union-attr]
    Message.rows.exclude(file_count=0).get().remove(by=ada)
    post(filled, ada, "Newer", files=[upload(a_file("newer.txt"), ada).pk])
    run_tasks()
    second, printed = backup(folder)
    old, new = Manifest.read(first), Manifest.read(second)
    assert set(new.files) == contents.stored_names()
    both = old.files.keys() & new.files.keys()
    assert f"{len(both)} of them shared" in printed
    assert all((first / FILES / name).samefile(second / FILES / name) for name in both)
    verify(first, without_opening=True)  # the removed file is still in the older copy
    full, _ = backup(folder, full=True)
    assert not any((second / FILES / name).samefile(full / FILES / name) for name in new.files)


def test_old_copies_are_deleted_by_number_and_by_age(filled: Conversation, folder: Path) -> None:
    made = [backup(folder)[0] for _ in range(3)]
    assert copies.copies(folder) == made
    newest, printed = backup(folder, keep=2)
    assert copies.copies(folder) == [made[-1], newest]
    assert f"Deleted the older copy {made[0].name}" in printed
    Installation.objects.row().update(backup_days=30)
    old = made[-1].rename(folder / (datetime.now(UTC) - timedelta(days=31)).strftime("%Y-%m-%dT%H%M%SZ"))
    last, _ = backup(folder)
    assert copies.copies(folder) == [newest, last]
    assert not old.exists()


def test_an_interrupted_backup_leaves_no_copy(
    filled: Conversation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = backup(folder)

    def stop(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making.copies, "finish", stop)
        with pytest.raises(KeyboardInterrupt):
            backup(folder)
        patch.setattr(making.shutil, "rmtree", stop)  # as if the process was killed
        with pytest.raises(KeyboardInterrupt):
            backup(folder)
    [left] = folder.glob("*.unfinished")
    assert copies.chosen(folder) == whole
    with pytest.raises(CommandError, match="was interrupted"):
        verify(left)
    backup(folder)
    assert not left.exists()


def test_a_file_that_is_removed_meanwhile_is_missing_in_no_copy(
    filled: Conversation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is uploaded after the files were copied, and removed after the database was."""
    ada = filled.memberships.first().user  # type: ignore[union-attr]
    take, calls = FileCopies.take, []

    def take_late(self: FileCopies, names: set[str], say: object) -> set[str]:
        calls.append(names)
        if len(calls) == 2:
            Attachment.objects.get(name="late.txt").delete()
            run_tasks()
        missing = take(self, names, say)  # type: ignore[arg-type]
        if len(calls) == 1:
            upload(a_file("late.txt"), ada)
        return missing

    monkeypatch.setattr(FileCopies, "take", take_late)
    copy, _ = backup(folder)
    assert len(calls) == 3  # the database was copied again
    assert set(Manifest.read(copy).files) == contents.stored_names()


def test_a_file_that_is_lost_is_named_and_the_copy_can_be_restored(
    filled: Conversation, folder: Path
) -> None:
    lost = Attachment.objects.get(name="notes.txt").stored_as
    default_storage.delete(lost)
    copy, printed = backup(folder)
    assert f"names the file {lost}, but it is not there" in printed
    assert Manifest.read(copy).lost == [lost]
    with pytest.raises(CommandError, match=f"1 fault:\nThe file {lost} was lost before the copy was made"):
        verify(copy, without_opening=True)
    assert verifying.verify(copy, print, opening=False).faults == []  # which is what `restore` asks


def test_a_file_that_is_lost_later_comes_from_the_copy_before(filled: Conversation, folder: Path) -> None:
    lost = Attachment.objects.get(name="notes.txt").stored_as
    backup(folder)
    default_storage.delete(lost)
    for _night in range(2):
        copy, printed = backup(folder, keep=1)
        assert f"The file {lost} is gone from the folder media" in printed
        assert Manifest.read(copy).lost == []
        assert verifying.verify(copy, print, opening=False).faults == []


def test_what_root_left_does_not_stop_the_next_backup(
    filled: Conversation, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """A file of another account can be replaced, but not written. The older copies go in any case."""
    note = settings.VAR_DIR / making.LAST
    elsewhere = tmp_path / "of-root"
    elsewhere.write_text("theirs")
    note.unlink(missing_ok=True)
    note.hardlink_to(elsewhere)
    copy, _ = backup(folder)
    assert elsewhere.read_text() == "theirs"
    assert json.loads(note.read_text())["copy"] == str(copy)

    def fail(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(CommandError, match=r"is complete, but .*last_backup\.json cannot be written"):
        backup(folder, keep=1)
    assert copies.copies(folder) == [copies.chosen(folder)]


def test_what_cannot_be_done_is_said(
    filled: Conversation, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    with pytest.raises(CommandError, match="There is no copy in"):
        verify(folder)
    with pytest.raises(CommandError, match="at least 1"):
        backup(folder, keep=0)
    with pytest.raises(CommandError, match="Parley's own files"):
        backup(settings.VAR_DIR / "media/copies")
    with copies.only_one(folder), pytest.raises(CommandError, match="Another backup"):
        backup(folder)
    monkeypatch.setattr(making, "free_bytes", lambda _: 1000)
    with pytest.raises(CommandError, match=r"A copy needs .* and the disk of .* has 1000 bytes left"):
        backup(folder)
    assert copies.copies(folder) == []


def test_all_models_that_name_files_are_known() -> None:
    """Columns of files are found by themselves; other models that name some have `stored_names`."""
    naming = {model for model in apps.get_models() if hasattr(model, "stored_names")}
    assert naming == set(contents.NAMING)


def test_a_database_that_was_not_migrated_is_no_traceback(
    filled: Conversation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(alias: str = "default") -> set[str]:
        raise OperationalError("no such column: backup_days\nmore")

    monkeypatch.setattr(making, "stored_names", fail)
    with pytest.raises(CommandError, match=r"no such column: backup_days\. If Parley was upgraded"):
        backup(folder)


def test_files_in_a_bucket_are_not_copied_which_is_said(
    filled: Conversation, folder: Path, settings: Settings
) -> None:
    settings.S3_URL = "s3://key:secret@storage.example/parley"
    copy, printed = backup(folder)
    assert "no files: they are in the bucket" in printed
    assert Manifest.read(copy).files == {}
    assert "they are in the bucket" in verify(copy, without_opening=True)


@pytest.mark.postgresql
def test_pg_dump_must_be_there_and_fit_the_server(
    filled: Conversation, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.vendor == "postgresql"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match=r"pg_dump is missing\. Install postgresql-client-18"):
        backup(folder)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.6 (Debian 15.6-0+deb12u1)'\n")
    old.chmod(0o700)
    with pytest.raises(CommandError, match="pg_dump is of version 15, and the server of version 18"):
        backup(folder)
    assert list(folder.glob("2*")) == []
