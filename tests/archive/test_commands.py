"""`import_archive` and `export_archive`: what they print, and when they fail."""

import gzip
import json
import sys
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from messaging.archive import spool
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.archive.lines_of import as_bytes, import_lines, line, random_lines, stored_messages, write
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


class Printed(NamedTuple):
    out: str
    err: str


def run(command: str, *arguments: object, **options: object) -> Printed:
    out, err = StringIO(), StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=err, **options)
    return Printed(out.getvalue(), err.getvalue())


@pytest.mark.parametrize("name", ["archive.jsonl", "archive.jsonl.gz"])
def test_importing_prints_what_was_added_and_a_repeated_import_what_already_existed(
    tmp_path: Path, name: str
) -> None:
    path = write(tmp_path / name, random_lines(1_200))
    assert "1,200 messages added, 0 already existed, 0 lines skipped" in run("import_archive", path).out
    assert "0 messages added, 1,200 already existed" in run("import_archive", path).out
    assert Message.objects.count() == 1_200


def test_importing_names_the_file_and_line_of_everything_that_it_skips(tmp_path: Path) -> None:
    path = write(tmp_path / "archive.jsonl", [line(id="1"), b"nonsense", line(text=""), line(reply_to="x")])
    printed = run("import_archive", path)
    assert "archive.jsonl, line 2: skipped, not JSON" in printed.err
    assert "archive.jsonl, line 3: skipped, “text”: Enter some visible text." in printed.err
    assert "2 lines skipped" in printed.out


def test_importing_counts_replies_to_missing_messages(tmp_path: Path) -> None:
    printed = run("import_archive", write(tmp_path / "archive", [line(reply_to="x")]))
    assert "Replies to a missing message, imported as messages of their own: 1." in printed.out
    assert "missing" not in run("import_archive", write(tmp_path / "archive", [line(id="2")])).out


def test_messages_are_imported_in_the_order_of_their_times(tmp_path: Path) -> None:
    times = ["12:03", "12:01", "12:05", "12:01", "12:02"]
    lines = [
        line(id=str(index), text=f"{index}", sent_at=f"2024-05-01T{time}") for index, time in enumerate(times)
    ]
    lines[1]["reply_to"] = "4"  # dated before what it answers, and before it in the file
    lines[3]["reply_to"] = "2"
    lines[4]["reply_to"] = "0"
    run("import_archive", write(tmp_path / "one.jsonl", lines[:3]), write(tmp_path / "two.jsonl", lines[3:]))
    rows = Message.objects.order_by("pk").values_list("content", "seq", "parent_message__content")
    assert list(rows) == [("0", 1, None), ("4", 2, "0"), ("1", 3, "4"), ("2", 4, None), ("3", 5, "2")]


def test_long_texts_are_split_and_their_lines_are_named(tmp_path: Path) -> None:
    long = " ".join(f"{number:06}" for number in range(3_000))  # 20,999 characters
    lines = [line(id="1", text=long), line(id="2", text="in between", sent_at="2001-01-01")]
    lines += [line(id="3", text=long, reply_to="1"), line(id="4", text="answer", reply_to="3")]
    path = write(tmp_path / "a.jsonl", lines)
    printed = run("import_archive", path)
    assert (printed.err, "8 messages added, 0 already existed, 0 lines skipped" in printed.out) == ("", True)
    assert (
        "Texts longer than 10,000 characters, each split into several messages: 2. See a.jsonl, lines 1, 3."
        in printed.out
    )
    rows = list(Message.objects.order_by("seq").select_related("parent_message"))
    assert rows[0].content == "in between"
    assert " ".join(row.content for row in rows[1:4]) == " ".join(row.content for row in rows[4:7]) == long
    assert [row.parent_message for row in rows] == [None] * 4 + [rows[3]] * 3 + [rows[6]]
    again = run("import_archive", path).out
    assert "0 messages added, 8 already existed" in again
    assert "split" not in again


def test_long_names_are_shortened_and_the_first_line_of_each_is_named(tmp_path: Path) -> None:
    lines = [line(id=str(index), sender="x" * (79 + index), room="y" * 90) for index in range(4)]
    lines += [line(id=f"{index} again", sender="x" * (79 + index)) for index in range(4)]
    path = write(tmp_path / "a.jsonl", [line(id="first"), *lines])
    printed = run("import_archive", path)
    assert ("9 messages added" in printed.out, printed.err) == (True, "")
    assert "Names longer than 80 characters, shortened: 3. See a.jsonl, lines 2, 4, 5." in printed.out
    assert User.objects.count() == 5
    assert Conversation.objects.count() == 2
    assert "shortened" not in run("import_archive", path).out
    exported = tmp_path / "out.jsonl"
    run("export_archive", exported)
    assert "0 messages added, 9 already existed" in run("import_archive", exported).out


def test_importing_names_the_lines_that_stand_elsewhere_than_their_times_say(tmp_path: Path) -> None:
    early = "2024-05-01T12:00"
    path = write(tmp_path / "a.jsonl", [line(id="1"), *[line(id=f"r{n}", reply_to="1") for n in range(13)]])
    for one in (lines := [json.loads(row) for row in path.read_bytes().splitlines()])[1:]:
        one["sent_at"] = "2001-01-01T00:00"
    printed = run("import_archive", write(path, lines)).out
    assert (
        "Replies dated before a message that they follow, placed after it: 13."
        " See a.jsonl, lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11; and 3 more." in printed
    )
    older = write(tmp_path / "b.jsonl", [line(id="old", sent_at="2003-01-01"), line(id="new", sent_at=early)])
    printed = run("import_archive", older).out
    assert (
        "Messages older than what their room already had, placed after it: 1. See b.jsonl, line 1." in printed
    )
    assert "placed" not in run("import_archive", path, older).out


def test_nothing_is_imported_if_there_is_no_space_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.archive.spool._TABLE", f"PRAGMA max_page_count = 4; {spool._TABLE}")
    path = write(tmp_path / "archive.jsonl", random_lines(300))
    with pytest.raises(CommandError, match=r"Nothing was imported.*database or disk is full"):
        run("import_archive", path)
    assert not Message.objects.exists()


def test_a_terminal_shows_how_much_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    run("import_archive", write(tmp_path / "a.jsonl", random_lines(30)), write(tmp_path / "b.jsonl", []))
    lines = [one.rpartition("\r")[2] for one in terminal.getvalue().split("\n") if one]
    assert lines == [f"Reading a.jsonl {'█' * 30} 100% 30 lines", f"Importing {'█' * 30} 100% 30 messages"]


def test_several_files_are_one_import(tmp_path: Path) -> None:
    lines = random_lines(100)
    paths = [write(tmp_path / "a.jsonl", lines[:50]), write(tmp_path / "b.jsonl.gz", lines[50:])]
    assert "100 messages added" in run("import_archive", *paths).out
    assert not Message.objects.filter(parent_message=None, depth__gt=0).exists()


def test_nothing_is_imported_if_one_of_the_files_does_not_exist(tmp_path: Path) -> None:
    path = write(tmp_path / "archive.jsonl", [line()])
    for missing in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(CommandError, match="There is no file"):
            run("import_archive", path, missing)
    assert not Message.objects.exists()


@pytest.mark.parametrize("damage", ["cut", "corrupt"])
def test_a_damaged_gzip_is_reported_and_the_whole_file_completes_the_import(
    tmp_path: Path, damage: str
) -> None:
    lines = random_lines(3_000)
    whole = gzip.compress(as_bytes(lines))
    half = len(whole) // 2
    damaged = whole[:half] if damage == "cut" else whole[:half] + bytes(64) + whole[half + 64 :]
    path = tmp_path / "archive.jsonl.gz"
    path.write_bytes(damaged)
    with pytest.raises(CommandError, match=r"archive\.jsonl\.gz could not be read to its end"):
        run("import_archive", path)
    kept = Message.objects.count()
    assert 0 < kept < 3_000
    path.write_bytes(whole)
    run("import_archive", path)
    assert Message.objects.count() == 3_000
    assert len(stored_messages()) == 3_000


def test_a_plain_file_that_was_cut_in_a_line_reports_that_line(tmp_path: Path) -> None:
    path = tmp_path / "archive.jsonl"
    path.write_bytes(as_bytes([line(id="1"), line(id="2")])[:-20])
    assert "line 2: skipped, not JSON" in run("import_archive", path).err
    assert Message.objects.count() == 1


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_exporting_compresses_if_the_file_name_ends_with_gz(tmp_path: Path, name: str) -> None:
    import_lines(random_lines(50))
    path = tmp_path / name
    assert "50 messages from 3 rooms exported." in run("export_archive", path).err
    data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    assert len([json.loads(one) for one in data.splitlines()]) == 50
    assert list(tmp_path.iterdir()) == [path]


def test_exporting_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    import_lines([line(text="größe 山田")])
    run("export_archive", "-")
    assert "größe 山田" in capsys.readouterr().out


def test_exporting_only_some_rooms_and_a_room_that_does_not_exist(tmp_path: Path) -> None:
    import_lines([line(room="a"), line(room="b"), line(room="c")])
    path = tmp_path / "out"
    run("export_archive", path, room=["a", "c"])
    assert {json.loads(one)["room"] for one in path.read_text().splitlines()} == {"a", "c"}
    with pytest.raises(CommandError, match="There is no room named nowhere"):
        run("export_archive", tmp_path / "other", room=["a", "nowhere"])
    assert list(tmp_path.iterdir()) == [path]


def test_a_removed_room_is_not_exported(tmp_path: Path) -> None:
    ada = UserFactory.create()
    post(RoomFactory.create(name="gone", by=ada), ada, "words")
    Conversation.objects.update(removed_at=timezone.now())
    assert "0 messages from 0 rooms exported." in run("export_archive", tmp_path / "all.jsonl").err
    with pytest.raises(CommandError, match="There is no room named gone"):
        run("export_archive", tmp_path / "all.jsonl", room=["gone"])


def test_an_export_that_fails_leaves_the_earlier_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = UserFactory.create()
    post(RoomFactory.create(by=ada), ada, "words")
    path = tmp_path / "out.jsonl"
    run("export_archive", path)
    before = path.read_bytes()
    monkeypatch.setattr("messaging.archive.exporting.json.dumps", lambda *args, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("export_archive", path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
