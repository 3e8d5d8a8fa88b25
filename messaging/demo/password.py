"""The password of all people in the demo, created once and stored in a file that only its owner can read."""

import os
import secrets
import tempfile
from pathlib import Path

FILE = "demo-password"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike, since people type the password
GROUPS, LENGTH = 3, 4  # twelve out of 31 letters: 59 bits


def stored_password(folder: Path) -> str | None:
    """The password in `folder`, or None if no demo was ever created."""
    try:
        return (folder / FILE).read_text().strip() or None
    except FileNotFoundError:
        return None


def get_or_create_password(folder: Path) -> str:
    """The password in `folder`. A new one is written atomically if there is none."""
    if password := stored_password(folder):
        return password
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=folder)  # readable by its owner only
    with os.fdopen(descriptor, "w") as file:
        file.write(password + "\n")
    os.replace(temporary, folder / FILE)
    return password
