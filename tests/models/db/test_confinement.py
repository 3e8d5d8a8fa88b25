"""What a hole in a decoder would let a stranger do: the programs decode a file, and then try it."""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from socket import create_server

import pytest
from PIL import Image

from messaging.models.db.confinement import landlock_version
from messaging.models.messages import pdf_pages, preparing
from messaging.models.people import avatars
from tests.hostile_pdfs import one_page

OPENINGS = ["open", "open socket"]
# What else is tried, and the first version of Landlock that refuses it.
REFUSED_SINCE = {
    "delete": 1,
    "rename": 1,
    "create folder": 1,
    "truncate": 3,
    "connect": 4,
    "signal": 6,
    "start program": 1,
}
TRY = """
import ctypes, json, os, runpy, socket, sys, types
kept, port, tried, has_landlock, sys.argv = json.loads(sys.argv[1])
early = socket.socket()
if not has_landlock:
    load, none = ctypes.CDLL, types.SimpleNamespace(syscall=lambda *arguments: -1)
    ctypes.CDLL = lambda name, *more, **options: load(name, *more, **options) if name else none
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    assert not end.code
attempts = {
    "open": lambda: open(kept),
    "open socket": socket.socket,
    "delete": lambda: os.unlink(kept),
    "rename": lambda: os.rename(kept, kept + "-2"),
    "create folder": lambda: os.mkdir(kept + "-3"),
    "truncate": lambda: os.truncate(kept, 0),
    "connect": lambda: early.connect(("127.0.0.1", port)),
    "signal": lambda: os.kill(os.getppid(), 0),
    "start program": lambda: os.execv("/bin/true", ["true"]),
}
refused = []
for name in tried:
    try:
        attempts[name]()
    except OSError:
        refused.append(name)
print(json.dumps(refused), file=sys.stderr)
"""


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "PNG")
    return written.getvalue()


PROGRAMS = {
    "size of a page": (pdf_pages.PROGRAM, ["size"], one_page()),
    "page": (pdf_pages.PROGRAM, ["page"], one_page()),
    "picture": (preparing.PROGRAM, [], picture()),
    "avatar": (avatars.PROGRAM, ["avatar"], picture()),
}


def refused(name: str, folder: Path, tried: list[str], *, has_landlock: bool) -> list[str]:
    """What is refused of that which the program tries after its work."""
    program, arguments, data = PROGRAMS[name]
    sent, kept = folder / "sent", folder / "kept"
    sent.write_bytes(data)
    kept.write_text("a database")
    with sent.open("rb") as opened, create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        told = json.dumps([str(kept), port, tried, has_landlock, [str(program), *arguments]])
        command = [sys.executable, "-I", "-c", TRY, told]
        done = subprocess.run(command, stdin=opened, capture_output=True, check=True)
    assert done.stdout
    assert kept.read_text() == "a database"
    assert sorted(os.listdir(folder)) == ["kept", "sent"]
    found: list[str] = json.loads(done.stderr)
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_changes_nothing_starts_nothing_and_reaches_nothing(tmp_path: Path, name: str) -> None:
    """As far as this kernel's Landlock knows it; without Landlock, it only opens nothing."""
    tried = [*OPENINGS, *(what for what, since in REFUSED_SINCE.items() if since <= landlock_version())]
    assert refused(name, tmp_path, tried, has_landlock=True) == tried


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_opens_nothing_where_there_is_no_landlock(tmp_path: Path, name: str) -> None:
    assert refused(name, tmp_path, OPENINGS, has_landlock=False) == OPENINGS
