"""A broken folder is refused with a sentence that names the place, and nothing of it is imported."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError

from messaging.archive.site import folder as folders
from messaging.archive.site.folder import CONTENTS, UNFINISHED
from messaging.models import Conversation, Message, User
from tests.archive.site.conftest import imported, lines
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
Break = Callable[[Path], object]


def sign_again(folder: Path) -> None:
    """Make `export.json` fit the files, as if the export had been made like this."""
    contents = json.loads((folder / CONTENTS).read_text())
    contents["lines"] = {path.name: folders.described(path) for path in sorted(folder.glob("*.jsonl"))}
    (folder / CONTENTS).write_text(json.dumps(contents))


def changed(name: str, change: Callable[[list[Any]], object]) -> Break:
    """Changes the lines of a file, and signs it."""

    def run(folder: Path) -> None:
        found = lines(folder, name)
        change(found)
        text = "".join(one if isinstance(one, str) else json.dumps(one) + "\n" for one in found)
        (folder / f"{name}.jsonl").write_text(text)
        sign_again(folder)

    return run


def line(name: str, number: int, **values: object) -> Break:
    """Changes values of one line."""
    return changed(name, lambda found: found[number - 1].update(values))


def message(key: str, change: Callable[[dict[str, Any]], object]) -> Break:
    """Changes the first message that has a key."""
    return changed("messages-00001", lambda found: change(next(one for one in found if key in one)))


def contents(**values: object) -> Break:
    def run(folder: Path) -> None:
        found = json.loads((folder / CONTENTS).read_text())
        (folder / CONTENTS).write_text(json.dumps(found | values))

    return run


def cut(folder: Path) -> None:
    path = folder / "messages-00001.jsonl"
    path.write_bytes(path.read_bytes()[:-10])


def stored_bytes(folder: Path) -> Path:
    return max((path for path in (folder / "files").glob("*/*")), key=lambda path: path.stat().st_size)


BROKEN: dict[str, tuple[Break, str]] = {
    "an empty folder": (lambda f: (f / CONTENTS).unlink(), "is no export: it has no export.json"),
    "an interrupted export": (
        lambda f: (f / UNFINISHED).touch(),
        "was interrupted. Run the same manage.py export_site",
    ),
    "half a manifest": (lambda f: (f / CONTENTS).write_text('{"form'), "export.json is damaged"),
    "another program's": (contents(format="tar"), "export.json is not of an export of Parley"),
    "a newer version": (contents(version=2), "has number 2, and this version reads up to 1. Upgrade Parley"),
    "no version": (contents(version=None), "export.json has no version of the format. Copy"),
    "a version that is a text": (contents(version="1"), "export.json has no version of the format"),
    "a version of nothing": (contents(version=0), "export.json has no version of the format"),
    "half a line": (cut, "messages-00001.jsonl ends too early, in line"),
    "a changed file": (
        lambda f: (f / "people.jsonl").write_text((f / "people.jsonl").read_text().replace("ada", "eve")),
        "people.jsonl was changed since it was exported",
    ),
    "a missing file": (lambda f: (f / "people.jsonl").unlink(), "people.jsonl is missing"),
    "a path that leads out": (
        contents(lines={"../people.jsonl": {}}),
        "names “../people.jsonl”, which is no",
    ),
    "a name of nobody": (contents(lines={"cats.jsonl": {}}), "names “cats.jsonl”, which is no file"),
    "no JSON": (
        changed("people", lambda found: found.append("{half\n")),
        "people.jsonl, line 5: this is not JSON",
    ),
    "no object": (changed("people", lambda found: found.append("7\n")), "line 5: this is not a JSON object"),
    "missing bytes": (lambda f: stored_bytes(f).unlink(), "is missing. Nothing was imported"),
    "other bytes": (
        lambda f: stored_bytes(f).write_bytes(b"x"),
        "is damaged: its bytes have another SHA-256",
    ),
    "bytes elsewhere": (
        line("people", 1, picture="../../../etc/passwd"),
        "line 1: “picture”: “../../../etc/passwd” is no",
    ),
    "a size that is wrong": (message("files", lambda m: m["files"][0].update(size=7)), "and its line says 7"),
    "a content type that is none": (
        message("files", lambda m: m["files"][0].update(content_type="a\nb")),
        "is no content type",
    ),
    "an unknown key": (line("people", 2, shoe_size=44), "people.jsonl, line 2: “shoe_size” is not known"),
    "a missing key": (
        changed("people", lambda found: found[1].pop("username")),
        "line 2: “username”: is missing",
    ),
    "a text for a number": (line("conversations", 1, id="one"), "conversations.jsonl, line 1: “id”"),
    "a number for a text": (
        line("people", 1, status=7),
        "people.jsonl, line 1: “status”: “7” is not a valid",
    ),
    "a role that there is not": (line("people", 1, role="king"), "“role”: “king” is not a valid value"),
    "a time without a zone": (line("people", 1, date_joined="2026-01-01"), "“date_joined”: “2026-01-01”"),
    "half a character": (line("people", 1, display_name="\ud800"), "has characters that cannot be stored"),
    "an unknown person": (
        line("members", 1, user=999),
        "members.jsonl, line 1: “user”: there is no user 999",
    ),
    "the same person twice": (
        line("people", 2, username="ada"),
        "people.jsonl, line 1 to 4: the database refuses",
    ),
    "a reply to nothing": (
        message("reply_to", lambda m: m.update(reply_to=999)),
        "“reply_to” is no earlier message",
    ),
    "a message after the last": (
        message("seq", lambda m: m.update(seq=999)),
        "“seq” is higher than the version",
    ),
    "a message of nobody": (message("text", lambda m: m.pop("sender")), "“sender” is missing"),
    "words of a removed message": (
        message("removed_at", lambda m: m.update(text="x")),
        "a removed message has a text",
    ),
    "a text that is too long": (message("text", lambda m: m.update(text="x" * 10_001)), "“text” is too long"),
    "a reaction of nobody": (
        message("reactions", lambda m: m["reactions"][0].pop("user")),
        "“reactions”: “user”: is missing",
    ),
    "who voted anonymously": (
        changed(
            "messages-00001",
            lambda found: next(one for one in found if one.get("poll", {}).get("voters"))["poll"]["choices"][
                0
            ].update(votes=[1]),
        ),
        "the “votes” of an anonymous poll must be numbers",
    ),
    "sections of another form": (line("people", 1, sections=["Mine"]), "“sections” must be pairs"),
    "members of another form": (
        line("conversations", 1, removed_members=[7]),
        "“removed_members” must be pairs",
    ),
    "an id that is too large": (line("members", 1, user=2**70), "“user”: “1180591620717411303424” is no id"),
    "a reply to an impossible id": (message("reply_to", lambda m: m.update(reply_to=2**70)), "is no id"),
    "an unknown mention": (
        message("shows", lambda m: m.update(shows={"people": {"ben": 99}})),
        "“shows”: there is no user 99",
    ),
    "another form of mentions": (
        message("shows", lambda m: m.update(shows=["ben"])),
        "“shows” does not have the form that docs/export.md describes",
    ),
    "an unknown reason": (
        message("notified", lambda m: m.update(notified={"x": []})),
        "“notified” does not have the form",
    ),
    "a direct conversation of nobody": (
        changed(
            "conversations", lambda found: next(c for c in found if "between" in c).update(between="1:99")
        ),
        "“between”: there is no user 99",
    ),
    "a room between people": (line("conversations", 1, between="1:2"), "only a direct conversation has"),
    "unread that is no list": (message("unread", lambda m: m.update(unread=3)), "“unread” is not a list"),
    "unread by nobody": (message("unread", lambda m: m.update(unread=["x"])), "“unread”: “x” is no id"),
    "a notification of nobody": (
        message("notified", lambda m: m.update(notified={"room": 3})),
        "“notified” is not a list",
    ),
    "a vote of nobody": (
        message("poll", lambda m: m["poll"]["choices"][0].update(votes=[0])),
        "“votes”: “0” is no id",
    ),
    "an hour that there is not": (line("people", 1, quiet_from="25:00"), "“quiet_from”: “25:00” is not a"),
    "an hour with a zone": (line("people", 1, quiet_to="08:00Z"), "“quiet_to”: “08:00Z” is not a valid"),
    "a keyword without a word": (line("keywords", 1, word="?"), "line 1: “word” must have letters or digits"),
    "a message that expired and is there": (
        message("text", lambda m: m.update(is_expired=True)),
        "“is_expired” is true of a message that was not removed",
    ),
    "a saved message that is not there": (
        line("saved", 1, message=999),
        "names message 999, which is not in the export",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_folder_is_refused_and_nothing_is_imported(whole: Path, fault: str) -> None:
    spoil, sentence = BROKEN[fault]
    spoil(whole)
    before = {name for folder in ("files", "avatars", "emoji") for name in _stored(folder)}
    with pytest.raises(CommandError) as error:
        imported(whole)
    assert sentence in str(error.value)
    assert str(error.value).endswith("Nothing was imported.")
    assert not any(rows.exists() for rows in (User.objects, Conversation.objects, Message.rows))
    assert {name for folder in ("files", "avatars", "emoji") for name in _stored(folder)} == before


def _stored(folder: str) -> set[str]:
    try:
        return {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    except FileNotFoundError:
        return set()


def test_an_installation_with_people_is_refused(whole: Path) -> None:
    UserFactory.create(username="zoe")
    with pytest.raises(CommandError, match="There are users in this installation"):
        imported(whole)
    assert [user.username for user in User.objects.all()] == ["zoe"]
