"""Lock files must be complete, with hashes, and must not say where packages come from.

A lock that names a host ties everyone to the registry, or the mirror, of the person who wrote it.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

# Options that select a registry. They must not be in the project, because each installation chooses its own.
PIP_REGISTRY = r"(?:index-url|find-links|trusted-host)\b"
NPM_REGISTRY = r"^\s*(?:@\S+:)?registry\s*="
REGISTRY = re.compile(f"{PIP_REGISTRY}|{NPM_REGISTRY}", re.MULTILINE)
CONFIGURATION = ["Makefile", "pyproject.toml", "package.json", ".ci/run"]
PIN = re.compile(r"[A-Za-z0-9._-]+==\S+")


def normalized_name(requirement: str) -> str:
    """A requirement's package, as PyPA's name normalisation writes it: `Django[x]>=5` -> `django`."""
    name = re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: Path) -> dict[str, str]:
    """The packages of a requirements lock, each with its pin and hashes."""
    blocks = re.split(r"\n(?=\S)", lock.read_text())
    return {normalized_name(block): block for block in blocks if PIN.match(block)}


def errors(root: Path) -> list[str]:
    """Everything that is wrong with the locks of the project at `root`, a line each."""
    return [*_requirements(root), *_npm(root), *_settings(root)]


def _requirements(root: Path) -> Iterator[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    runtime, everything = pins(root / "requirements.lock"), pins(root / "requirements-dev.lock")
    asked_for = project["project"]["dependencies"]
    for lock, locked, requirements in (
        ("requirements.lock", runtime, asked_for),
        ("requirements-dev.lock", everything, asked_for + project["dependency-groups"]["dev"]),
    ):
        for name in sorted({normalized_name(requirement) for requirement in requirements} - set(locked)):
            yield f"{lock}: {name} is missing; run make lock."
        for name, block in locked.items():
            if "--hash=" not in block:
                yield f"{lock}: {name} has no hash."
        if re.search(r"://|--(?:extra-)?index-url|--find-links", (root / lock).read_text()):
            yield f"{lock}: names a host."
    for name, block in runtime.items():
        if block.split()[0] != everything.get(name, "absent").split()[0]:
            yield f"requirements-dev.lock: {name} differs from requirements.lock; run make lock."


def _npm(root: Path) -> Iterator[str]:
    lock = root / "package-lock.json"
    for path, package in json.loads(lock.read_text())["packages"].items() if lock.exists() else ():
        if "://" in package.get("resolved", ""):
            yield f"package-lock.json: {path} names a host."


def _settings(root: Path) -> Iterator[str]:
    for name in CONFIGURATION:
        path = root / name
        if path.exists() and REGISTRY.search(path.read_text()):
            yield f"{name}: names a registry."
