"""The local state of an installation: the folder `var/` and the secret key in it."""

import os
import pwd
import secrets
import sys
from pathlib import Path


def refuse_root(folder: Path) -> None:
    """End the program with a sentence if root runs it, and the folder belongs to another account.

    What root writes there (the database, files, the key), Parley itself could not read afterwards.
    """
    if os.geteuid() or not folder.exists() or not (owner := folder.stat().st_uid):
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:  # an account of a container
        name = f"#{owner}"
    sys.exit(
        f"The folder {folder} belongs to {name}, and root runs this: Parley could not read what it writes. "
        "Run it as that account: deploy/parley-manage does so for a service, and otherwise sudo -u."
    )


def secret_key(folder: Path) -> str:
    """The key in `folder/secret_key`. The first call creates it, readable by its owner only.

    Where the folder cannot be used, the program ends with a sentence that says so.
    """
    try:
        return _read_or_create(folder)
    except OSError as error:
        sys.exit(
            f"Parley cannot use the folder {folder}: {error.strerror}. Give it to the account that runs "
            "Parley, or name another folder in PARLEY_VAR."
        )


def _read_or_create(folder: Path) -> str:
    path = folder / "secret_key"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key
