"""`export_site`: what is in the folder, going on after an interruption, and when it refuses."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from messaging.archive.site import exporting, folder
from messaging.models import AccountDeletion, Attachment, AuditEntry, Membership, User
from messaging.models.messages.saving import post
from tests.archive.site.conftest import Export, lines
from tests.archive.site.full_site import SECRETS, build
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
WHISPERED = b"Whispered"  # what direct conversations, groups and drafts say


def everything(export: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(export.rglob("*")) if path.is_file())


class Killed(BaseException):
    """Stands for SIGKILL: no `except Exception` catches it."""


def test_secrets_are_never_exported_and_private_rows_only_with_the_option(export: Export) -> None:
    build()
    team = everything(export("team"))
    assert WHISPERED not in team
    assert b"Private to the two of us" in team  # a private room is the team's
    whole = everything(export("whole", "--with-private"))
    assert whole.count(WHISPERED) >= 3
    for secret in (*SECRETS, *User.objects.exclude(password="").values_list("password", flat=True)):
        assert secret.encode() not in team + whole
    assert [entry.details for entry in AuditEntry.objects.filter(act="exported_site").order_by("pk")] == [
        {"private": False},
        {"private": True},
    ]


ARRANGED = {
    "people": {"sections", "folded_sections", "last_conversation"},
    "members": {"is_starred", "section", "hidden_at"},
}


def test_how_people_arranged_their_sidebar_is_private(export: Export) -> None:
    room = build()
    ben = User.objects.get(username="ben")
    User.objects.filter(pk=ben.pk).update(folded_sections=["rooms"], last_conversation=room.pk)
    Membership.objects.filter(user=ben, conversation=room).update(section=1, hidden_at=timezone.now())
    whole, team = export("whole", "--with-private"), export("team")
    for name, keys in ARRANGED.items():
        assert keys <= {key for line in lines(whole, name) for key in line}
        assert not keys & {key for line in lines(team, name) for key in line}
    assert b"Mine" not in everything(team)


def test_removed_messages_are_places_without_words(whole: Path) -> None:
    removed = [line for line in lines(whole, "messages-00001") if "removed_at" in line]
    place = {"id", "conversation", "seq", "sender", "sent_at", "edited", "removed_at"}
    place |= {"is_expired", "is_ticked_by_all"}
    assert [set(line) for line in removed] == [
        {*place, "reply_to"},
        {*place, "removed_by", "removal_reason"},
        place - {"sender"},
    ]
    assert b"Away with it" not in everything(whole)


def test_a_message_brings_along_everything_that_hangs_on_it(whole: Path) -> None:
    first = next(line for line in lines(whole, "messages-00001") if "history" in line)
    assert [row.get("text") for row in first["history"]] == [
        None,
        "**Hello** @ben and @gardeners, see #garden :harrow:",
    ]
    assert [row["chosen"] for row in first["reactions"]] == ["👍", "👍", ":rake:"]
    assert set(first["shows"]) == {"people", "groups", "rooms", "emoji"}
    assert set(first["shows"]["groups"]) == {"gardeners", "room"}
    assert first["pinned_at"]
    assert first["notified"]
    parts = {key for line in lines(whole, "messages-00001") for key in line}
    assert {"files", "ticks", "previews", "poll", "unread", "reply_to"} <= parts


def test_that_a_keyword_was_found_is_private(export: Export) -> None:
    def reasons(name: str, *options: str) -> set[str]:
        messages = lines(export(name, *options), "messages-00001")
        return {reason for line in messages for reason in line.get("notified", ())}

    build()
    assert reasons("whole", "--with-private") - reasons("team") == {"direct", "keyword"}


def test_equal_files_are_stored_once_under_their_hash(whole: Path) -> None:
    notes = [file for line in lines(whole, "messages-00001") for file in line.get("files", ())]
    assert notes[0]["bytes"] == notes[1]["bytes"] != notes[2]["bytes"]
    stored = folder.path_of_bytes(whole, notes[0]["bytes"])
    assert stored.read_bytes() == b"def rake():\n    return 'leaves'\n"
    assert all(path.stat().st_mode & 0o077 == 0 for path in whole.rglob("*"))


@pytest.mark.parametrize("piece", [1, 5, 13, 17, 19, 27])
def test_an_export_that_was_killed_ends_with_the_same_bytes(
    export: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, piece: int
) -> None:
    build()
    monkeypatch.setattr(exporting, "MESSAGES_IN_FILE", 3)
    expected = export("expected", "--with-private")
    begun = dict.fromkeys(range(piece))
    named = folder._name

    def die(part: Path, path: Path) -> None:
        if not begun:
            raise Killed
        begun.popitem()
        named(part, path)

    monkeypatch.setattr(folder, "_name", die)
    try:
        export("killed", "--with-private")
    except Killed:
        assert not (tmp_path / "killed" / folder.CONTENTS).exists()
    monkeypatch.setattr(folder, "_name", named)
    if not (tmp_path / "killed" / folder.CONTENTS).exists():
        export("killed", "--with-private")
    found = {path.relative_to(tmp_path / "killed"): path for path in (tmp_path / "killed").rglob("*")}
    wanted = {path.relative_to(expected): path for path in expected.rglob("*")}
    assert set(found) == set(wanted)
    differ = {
        str(name)
        for name, path in wanted.items()
        if path.is_file() and path.read_bytes() != found[name].read_bytes()
    }
    # The second export is in the audit log, and was made later.
    assert differ == {"audit_log.jsonl", "export.json"}


def test_what_is_written_meanwhile_is_not_in_an_export_that_goes_on(
    export: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room = build()
    with monkeypatch.context() as patch:
        patch.setattr(exporting.SiteExport, "_write_messages", _die)
        with pytest.raises(Killed):
            export("killed")
    post(room, User.objects.get(username="ada"), "Written meanwhile")
    eve = UserFactory.create(username="eve")
    post(RoomFactory.create(name="new", by=eve), eve, "In a new room")
    killed = export("killed")
    assert b"meanwhile" not in everything(killed)
    assert b"In a new room" not in everything(killed)
    assert {line["name"] for line in lines(killed, "conversations")} == {"garden", "shed", "compost"}


def _die(*arguments: object) -> None:
    raise Killed


def test_a_file_whose_bytes_are_gone_is_named_and_marked_as_lost(tmp_path: Path) -> None:
    build()
    gone = Attachment.objects.filter(name="notes.py").latest("pk")
    default_storage.delete(gone.stored_as)
    err = StringIO()
    call_command("export_site", str(tmp_path / "site"), stdout=StringIO(), stderr=err)
    assert f"1 files are not in the storage any more: {gone.stored_as}." in err.getvalue()
    states = [
        file["state"] for line in lines(tmp_path / "site", "messages-00001") for file in line.get("files", ())
    ]
    assert states.count("lost") == 1


def test_an_export_refuses_with_a_sentence(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(name: str, *options: str) -> str:
        with pytest.raises(CommandError) as error:
            export(name, *options)
        return str(error.value)

    RoomFactory.create()
    export("whole")
    assert "has a whole export already" in refused("whole")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "diary.txt").write_text("Dear diary")
    assert "is not empty" in refused("other")
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refused("file")
    with monkeypatch.context() as patch:
        patch.setattr(exporting.SiteExport, "_write_messages", _die)
        with pytest.raises(Killed):
            export("begun")
    begun = tmp_path / "begun" / folder.UNFINISHED
    without = "was begun without --with-private. Leave --with-private out, or choose another folder."
    assert without in refused("begun", "--with-private")
    begun.write_text(begun.read_text().replace('"private": false', '"private": true'))
    assert "was begun with --with-private. Add --with-private, or choose" in refused("begun")
    begun.write_text(begun.read_text().replace('"private": true', '"private": false'))
    with folder.locked(tmp_path / "begun"):
        assert "Another export" in refused("begun")
    begun.write_text(begun.read_text().replace('"epoch": "', '"epoch": "0'))
    assert "was begun for another site" in refused("begun")
    AccountDeletion.objects.create(deletes_account=True)
    assert "An account is being deleted" in refused("new")


def test_the_terminal_shows_how_much_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    terminal = StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    call_command("export_site", str(tmp_path / "site"), stdout=StringIO())
    shown = [one.rpartition("\r")[2] for one in terminal.getvalue().split("\n") if one]
    assert [one.split()[0] for one in shown] == ["Exporting", "Checking"]
    assert shown[-1].endswith("100% the export is whole")
