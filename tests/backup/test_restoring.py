"""`manage.py restore`: what is there afterwards, what is kept aside, and when nothing is changed."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from messaging.backup import restoring
from messaging.backup.manifest import FILES
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
        assert "everything is as it was" in new.manage("restore", copies).stdout
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
