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
# Loaded on use: with the first emoji, file, picture, command, name, key in a field, button, paste, draft.
LATER = (
    *("emoji", "uploads", "lightbox", "commanding", "completion", "writing", "formatting", "pasting"),
    *("drafts", "push", "service-worker", "service-worker-off", "desktop-notification"),
    *("recording", "voice"),
)
LATER_SCRIPTS = [ROOT / f"static/js/{name}.min.js" for name in LATER]
BUILT = [OUR_SCRIPT, PASSKEY_SCRIPT, *LATER_SCRIPTS]
SCRIPTS = sorted(set((ROOT / "static/js").glob("*.js")) - set(BUILT))
VIEWER_NEUTRAL = [
    *("messages/_list.html", "messages/_row.html", "messages/_message.html", "messages/_reaction.html"),
    *("messages/_thread_list.html", "messages/_thread_row.html"),
]
# Limits for the compressed scripts. All scripts of a page together may take 60 KB. Ours stay near what they
# take, so that growth is noticed.
MAX_OWN_BYTES, MAX_ALL_BYTES = 37_600, 60_000
MAX_LATER_BYTES = 4_000

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


def joined_in(script: Path) -> list[str]:
    """The names of the modules that a built script says it is made of."""
    return script.read_text().split("\n", 1)[0].removeprefix("// ").split(", ")


def test_our_own_scripts_stay_small_and_without_imports() -> None:
    assert SCRIPTS
    ours = sum(len(gzip.compress(script.read_bytes())) for script in (OUR_SCRIPT, PASSKEY_SCRIPT))
    vendored = len(gzip.compress((ROOT / "static/vendor/htmx.bundle.js").read_bytes()))
    assert ours < MAX_OWN_BYTES
    assert all(len(gzip.compress(script.read_bytes())) < MAX_LATER_BYTES for script in LATER_SCRIPTS)
    assert ours + vendored <= MAX_ALL_BYTES
    assert sorted({name for script in BUILT for name in joined_in(script)}) == [path.name for path in SCRIPTS]
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
