"""Templates follow the content security policy, and the vendored files match their checksums."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OUR_SCRIPT = ROOT / "static/js/app.js"
PASSKEY_SCRIPT = ROOT / "static/js/passkeys.min.js"
SCRIPTS = sorted(set((ROOT / "static/js").glob("*.js")) - {OUR_SCRIPT, PASSKEY_SCRIPT})
VIEWER_NEUTRAL = [
    *("messages/_list.html", "messages/_row.html", "messages/_message.html"),
    *("messages/_thread_list.html", "messages/_thread_row.html"),
]
MAX_OWN_BYTES, MAX_ALL_BYTES = 15_000, 60_000  # limits for the compressed scripts

FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "an inline style sheet": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an event handler": r"\son[a-z]+\s*=",
    "a script in an htmx attribute": r"\bhx-on\b|\bjs:|\bjavascript:",
    "a filter in a trigger": r"\bhx-trigger=\"[^\"]*\[",
}


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_contains_what_the_policy_would_refuse(path: Path, what: str) -> None:
    assert not re.search(FORBIDDEN[what], path.read_text(), re.IGNORECASE)


@pytest.mark.parametrize("name", VIEWER_NEUTRAL)
def test_shared_templates_do_not_depend_on_the_viewer(name: str) -> None:
    text = (ROOT / "templates/messaging" / name).read_text()
    assert not re.search(r"csrf_token|\buser\b|\brequest\b|\bunread\b|<form\b", text)


def test_our_own_scripts_stay_small_and_without_imports() -> None:
    assert SCRIPTS
    ours = sum(len(gzip.compress(script.read_bytes())) for script in (OUR_SCRIPT, PASSKEY_SCRIPT))
    vendored = len(gzip.compress((ROOT / "static/vendor/htmx.bundle.js").read_bytes()))
    assert ours < MAX_OWN_BYTES
    assert ours + vendored <= MAX_ALL_BYTES
    joined = OUR_SCRIPT.read_text().split("\n", 1)[0].removeprefix("// ").split(", ")
    assert sorted([*joined, "passkeys.js"]) == [path.name for path in SCRIPTS]
    assert not [path for path in SCRIPTS if re.search(r"^import\b", path.read_text(), re.MULTILINE)]


def test_the_vendored_files_match_the_checksums_in_their_readme() -> None:
    page = (ROOT / "static/vendor/README.md").read_text()
    named = dict(
        re.findall(r"^\| `([\w./-]+\.(?:js|woff2))`[^|]*\| `([0-9a-f]{64})` \|$", page, re.MULTILINE)
    )
    places = {"htmx.bundle.js": "static/vendor/htmx.bundle.js"}
    places |= {name: f"static/{name}" for name in named if name.startswith("fonts/")}
    assert len(places) == 4
    for name, place in places.items():
        assert hashlib.sha256((ROOT / place).read_bytes()).hexdigest() == named[name]
