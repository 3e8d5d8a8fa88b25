"""The browser of the end-to-end tests: found on the machine, or installed.

`python -m tests.chromium` says which one it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# The first is Chromium without a user interface; it halves the CPU time of the suite.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Enough for some 180 MB over a slow connection.
DOWNLOAD_SECONDS = 600


def find() -> str | None:
    """The path of a Chromium that starts: the machine's own, else Playwright's; None if there is neither."""
    for name in NAMES:
        if (path := shutil.which(name)) and _starts(path):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if _starts(path) else None


def _starts(path: str) -> bool:
    """A downloaded browser may be there and still lack the machine's libraries."""
    if not Path(path).exists():
        return False
    return subprocess.run([path, "--version"], capture_output=True).returncode == 0


def _try(*command: str) -> None:
    print(f"Trying {' '.join(command)} …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        tried = subprocess.run(
            command, timeout=DOWNLOAD_SECONDS, env=environment, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired:
        print(f"… without success in {DOWNLOAD_SECONDS} s.", flush=True)
        return
    if tried.returncode:
        print(f"… without success: {tried.stderr.strip()[:200]}", flush=True)


def find_or_install() -> str | None:
    """Like `find`, but installs a Chromium if there is none: as root on Debian a package, else Playwright's
    download."""
    if path := find():
        return path
    print("There is no Chromium on this machine.", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update", "--quiet")
        for package in ("chromium-headless-shell", "chromium"):
            _try("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", package)
            if path := find():
                return path
    _try(sys.executable, "-m", "playwright", "install", "chromium")
    return find()


if __name__ == "__main__":
    if chromium := find_or_install():
        print(f"The end-to-end tests use {chromium}.")
    else:
        sys.exit("No Chromium was found or could be installed. On Debian: apt install chromium")
