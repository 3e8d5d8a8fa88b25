"""`manage.py restore`: what is there afterwards, what is kept aside, and when nothing is changed."""

import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from messaging.backup import interruption, restoring
from messaging.backup.errors import BackupError
from messaging.backup.folder import chosen
from messaging.backup.manifest import FILES, Manifest
from messaging.models import Conversation
from tests.backup.installation import POST, installations
from tests.backup.test_making import backup
from tests.served.processes import parley_process

pytestmark = pytest.mark.backends
ON_POSTGRESQL = os.environ.get("PARLEY_TEST_DATABASE") == "postgresql"


def test_a_copy_is_put_back_and_what_was_there_is_kept(tmp_path: Path) -> None:
    copies = str(tmp_path / "copies")
    with installations(tmp_path, 2, ON_POSTGRESQL) as (old, new):
        stored = old.fill("ada", "ben")
        old.manage("backup", copies)
        with parley_process(**old.environment) as (address, _):
            old.get(address, "/account/login/")
            running = old.manage("restore", copies, "--force", succeeds=False)
        assert "Parley is running" in running.stderr
        # Into a new installation.
        time = r"everything is as it was at \d{4}-\d\d-\d\d \d\d:\d\d UTC\."
        assert re.search(time, new.manage("restore", copies).stdout)
        restored = new.stored()
        assert restored.pop("epoch") != stored.pop("epoch")  # open pages load again
        assert restored == stored
        assert (new.folder / "secret_key").read_text() == (old.folder / "secret_key").read_text()
        # Into itself, after something was written.
        assert len(old.stored(before=POST)["messages"]) == 2
        done = old.manage("restore", copies, "--force")
        assert old.stored() | {"epoch": 0} == stored | {"epoch": 0}
        [aside] = old.folder.glob("before-restore-*")
        assert str(aside) in done.stdout
        database = "database.dump" if ON_POSTGRESQL else "parley.sqlite3"
        assert {path.name for path in aside.iterdir()} == {"media", "secret_key", database}


DYING = """
import os
from pathlib import Path
import time_machine
from messaging.backup import restoring
from messaging.backup.manifest import Manifest
copy = Path(COPY)
def die(*arguments):
    os._exit(9)
setattr(restoring, STEP, die)
with time_machine.travel("2026-11-30T16:00:37Z", tick=False):  # every attempt is made in the same second
    restoring.put_back(copy, Manifest.read(copy), print)
"""


REFUSED = {
    "backup": ["copies"],
    "retention": ["--dry-run"],
    "export_site": ["export"],
    "import_site": ["export"],
    "export_archive": ["-"],
    "import_archive": ["archive"],
    "worker": [],
}


@pytest.mark.parametrize("command", REFUSED)
def test_no_command_keeps_or_reads_half_of_what_is_restored(
    tmp_path: Path, settings: Settings, command: str
) -> None:
    settings.VAR_DIR = tmp_path
    interruption.begin(tmp_path / "copy", tmp_path / "before-restore")
    with pytest.raises(CommandError, match=r"copy was interrupted, so this installation is half restored"):
        call_command(command, *REFUSED[command])
    assert {path.name for path in tmp_path.iterdir()} == {interruption.NAME}


def test_parley_does_not_start_half_restored_and_the_same_restore_ends_it(tmp_path: Path) -> None:
    with installations(tmp_path, 1, ON_POSTGRESQL) as [site]:
        stored = site.fill("ada", "ben")
        site.manage("backup", str(tmp_path / "copies"))
        assert len(site.stored(before=POST)["messages"]) == 2
        [copy] = (path for path in (tmp_path / "copies").iterdir() if path.name[0] != ".")
        (site.folder / "media" / "stray").touch()  # is not in the copy
        for step in ("_swap", "_swap_key"):  # when the database is replaced, and then also the files
            code = f"COPY, STEP = {str(copy)!r}, {step!r}\n{DYING}"
            died = site.manage("shell", "--command", code, succeeds=False)
            assert died.returncode == 9, died.stderr
        first, second = sorted(site.folder.glob("before-restore-*"))
        for command in ("serve", "worker", "backup"):
            said = site.manage(command, *["copies"] * (command == "backup"), succeeds=False).stderr
            assert f"Putting back {copy} was interrupted" in said
            assert f"What was here before is in {first}. Run: manage.py restore {copy} --force" in said
        done = site.manage("restore", str(copy), "--force").stdout
        assert f"What was here before is in {first}." in done
        third = sorted(site.folder.glob("before-restore-*"))[-1]
        assert f"What interrupted attempts had put here is in {second}, {third}." in done
        database = "database.dump" if ON_POSTGRESQL else "parley.sqlite3"
        assert {path.name for path in first.iterdir()} == {"media", "secret_key", database}
        assert (first / "media" / "stray").exists()
        assert site.stored() | {"epoch": 0} == stored | {"epoch": 0}
        assert not (site.folder / interruption.NAME).exists()


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "files/../../outside", "files//double", ""])
def test_a_copy_that_names_files_outside_of_it_is_refused(tmp_path: Path, name: str) -> None:
    Manifest(
        "2026-11-30T00:00:00+00:00", "sqlite", "3", "folder", ("database.sqlite3", 1, ""), {name: (1, "")}
    ).write(tmp_path, "key")
    with pytest.raises(BackupError, match=r"manifest\.json is damaged"):
        Manifest.read(tmp_path)
    Manifest("2026-11-30T00:00:00+00:00", "sqlite", "3", "folder", (name, 1, "")).write(tmp_path, "key")
    with pytest.raises(BackupError, match=r"manifest\.json is damaged"):
        Manifest.read(tmp_path)


def test_commands_are_named_as_people_here_type_them(tmp_path: Path, settings: Settings) -> None:
    settings.MANAGE = "parley-manage"
    with pytest.raises(BackupError, match=r"Make one with: parley-manage backup"):
        chosen(tmp_path)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_put_back_that_does_not_fit(
    filled: Conversation, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**options: object) -> str:
        with pytest.raises(CommandError) as error:
            call_command("restore", folder, stdout=StringIO(), **options)
        return str(error.value)

    def fail(*arguments: object) -> None:
        raise AssertionError("something was changed")

    monkeypatch.setattr(
        restoring.copies_of_vendor(), "is_in_use", lambda: False
    )  # the test's own connections
    monkeypatch.setattr("messaging.management.commands.restore.put_back", fail)
    copy, _ = backup(folder)
    monkeypatch.setattr("sys.stdin", StringIO("yes"))
    assert "This installation has accounts. To replace it" in refused()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert refused() == "Nothing was changed."
    monkeypatch.setenv("SECRET_KEY", "another")
    assert "SECRET_KEY is set to another key" in refused(force=True)
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setattr(restoring, "free_bytes", lambda _: 1000)
    assert "Make room first" in refused(force=True)
    settings.S3_URL = "s3://key:secret@storage.example/parley"
    assert "This copy has files, but PARLEY_S3_URL" in refused(force=True)
    file = next(path for path in (copy / FILES).rglob("*") if path.is_file())
    file.write_bytes(b"spoilt")
    said = refused(force=True)
    assert "nothing was changed" in said
    assert f"{file.name} is damaged" in said
