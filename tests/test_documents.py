"""Links in the documents lead somewhere, and the commands, settings, units and files that they name exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parent.parent
FOLDERS = ("docs", "messaging", "site_config", "static/vendor", "deploy", "bench", "tests", "e2e")
FILES = [*ROOT.glob("*"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))]
NAMES = sorted(str(path.relative_to(ROOT)) for path in FILES if path.is_file())
PAGES = [name for name in NAMES if name.endswith(".md")]
# For the people who run Parley. Decisions and the changelog may name what is no more.
MANUALS = [
    "README.md",
    *(f"docs/{name}.md" for name in ("running", "settings", "backups", "export", "signing-in", "metrics")),
]
SOURCES = [name for name in NAMES if name.endswith(".py") or name.startswith("deploy/")]
# Written by the person who runs the containers.
OF_COMPOSE = {"deploy/.env", "deploy/parley.env", "PARLEY_HOST"}
MOST_WORDS = 1600  # of README: one page for a team, and nothing that belongs elsewhere


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE))


def anchors_of(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and GitLab make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def links_of(name: str) -> Iterator[tuple[str, Path, str]]:
    """Relative links: as written, the file that they lead to, and the anchor."""
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(text_of(name))):
        if not re.match(r"[a-z]+:", link):
            place, _, anchor = link.partition("#")
            yield link, (ROOT / name).parent / place if place else ROOT / name, anchor


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_files_and_headings(name: str) -> None:
    broken = [
        link
        for link, path, anchor in links_of(name)
        if not path.exists() or (anchor and anchor not in anchors_of(path))
    ]
    assert broken == []


def test_links_are_found_and_a_wrong_anchor_is_noticed() -> None:
    assert len(list(links_of("README.md"))) > 20
    assert "who-is-trusted-with-what" in anchors_of(ROOT / "docs/SECURITY.md")
    assert "postgresql-redis-and-several-processes" in anchors_of(ROOT / "docs/running.md")


def test_documents_that_the_sources_name_exist() -> None:
    named = {(name, page) for name in SOURCES for page in re.findall(r"\bdocs/[\w/-]+\.md", text_of(name))}
    assert len(named) > 10
    assert [(name, page) for name, page in sorted(named) if not (ROOT / page).exists()] == []


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_names_only_what_exists(name: str) -> None:
    text = text_of(name)
    commands = set(re.findall(r"(?:parley-manage|manage\.py) ([a-z_]+)", text))
    assert commands - {"of"} <= set(get_commands())  # "`manage.py` of the service"
    files = set(re.findall(r"\bdeploy/[\w@.*-]*[\w*]", text)) - OF_COMPOSE
    assert [file for file in files if not list(ROOT.glob(file))] == []
    targets = set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", text, re.MULTILINE))
    assert {one or other for one, other in targets} <= set(
        re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE)
    )
    for unit in re.findall(r"\bparley(?:@|-backup|-worker)?(?:@?\.(?:service|timer))\b", text):
        assert (ROOT / "deploy" / unit).exists(), unit


def settings_read() -> set[str]:
    """The variables of the environment that the settings read."""
    text = "".join(
        text_of(name) for name in NAMES if name.startswith("site_config/") and name.endswith(".py")
    )
    return set(re.findall(r"env\.\w+\(\s*['\"]([A-Z_0-9]+)['\"]", text)) | {"PARLEY_PASSWORDS"}


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_names_only_settings_that_are_read(name: str) -> None:
    named = set(
        re.findall(r"\b(?:PARLEY_[A-Z_0-9]+|DATABASE_URL|REDIS_URL|EMAIL_URL|SECRET_KEY)", text_of(name))
    )
    assert {one for one in named if not one.startswith("PARLEY_OIDC_")} <= settings_read() | OF_COMPOSE


def test_the_page_of_settings_lists_every_one() -> None:
    rows = re.findall(r"^\| (`[A-Z].*?) \|", text_of("docs/settings.md"), re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert settings_read() <= listed


def test_readme_stays_short() -> None:
    assert len(text_of("README.md").split()) < MOST_WORDS
