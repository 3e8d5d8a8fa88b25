"""The password of the demo's people: made once, kept in a file that only its owner can read."""

import os
import secrets
import tempfile
from pathlib import Path

FILE = "demo-password"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike: it is typed from a screen
GROUPS, LENGTH = 3, 4  # twelve of 31 letters: 59 bits


def kept_password(folder: Path) -> str | None:
    """The password in `folder`, or None where no demo was ever made."""
    try:
        return (folder / FILE).read_text().strip() or None
    except FileNotFoundError:
        return None


def keep_password(folder: Path) -> str:
    """The password in `folder`; made now if there is none, whole or not at all."""
    if password := kept_password(folder):
        return password
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=folder)  # readable by its owner only
    with os.fdopen(descriptor, "w") as file:
        file.write(password + "\n")
    os.replace(temporary, folder / FILE)
    return password
