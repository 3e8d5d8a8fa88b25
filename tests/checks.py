"""`make check`: the checks that need no test run. All steps run, then the failed ones are named.

`python -m tests.checks types locks` runs two of them.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import bare_texts
from tests.lockfiles import errors

ROOT = Path(__file__).parent.parent
CODE = ["messaging", "site_config", "tests", "e2e", "bench", "manage.py"]
SETTINGS = {"DJANGO_SETTINGS_MODULE": "site_config.settings"}
IN_CI = os.environ.get("CI") == "true"


def run(*command: str | Path, **environment: str) -> bool:
    """Runs a command at the project's root; whether it succeeded."""
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment).returncode == 0


def tool(name: str, *arguments: str | Path, **environment: str) -> bool:
    """Runs a program of this environment, whatever the PATH says."""
    return run(Path(sys.executable).with_name(name), *arguments, **environment)


def manage(*arguments: str, **environment: str) -> bool:
    """Runs a management command with an empty PARLEY_VAR folder and warnings as errors."""
    with tempfile.TemporaryDirectory() as folder:
        return run(sys.executable, "-W", "error", "manage.py", *arguments, PARLEY_VAR=folder, **environment)


def lint() -> bool:
    return tool("ruff", "check", *CODE)


def formatting() -> bool:
    return tool("ruff", "format", "--check", *CODE)


def security() -> bool:
    return tool("bandit", "--quiet", "--recursive", "messaging", "site_config")


def templates() -> bool:
    """djlint looks for mistakes, djade for Django's template style; neither may rewrite anything."""
    files = sorted((ROOT / "templates").rglob("*.html"))
    linted = tool("djlint", "--lint", "--quiet", "templates")
    return tool("djade", "--check", "--target-version", "5.2", *files) and linted


def texts() -> bool:
    """Every text that people read can be translated."""
    found = bare_texts.errors(ROOT)
    print(*found, sep="\n", end="\n" if found else "")
    return not found


def translations() -> bool:
    """Every text of the program is in every catalog, translated, and the compiled catalogs are up to date."""
    if shutil.which("xgettext") is None:
        print("GNU gettext is missing, so the catalogs were not checked.")
        return not IN_CI
    with tempfile.TemporaryDirectory() as folder:
        return run(sys.executable, "-m", "tests.catalogs", "--check", PARLEY_VAR=folder, **SETTINGS)


def types() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return tool("mypy", *CODE, PARLEY_VAR=folder)


def imports() -> bool:
    """Layers and import cycles: the contracts in pyproject.toml and tests/runtime_imports.toml."""
    layers = tool("lint-imports")
    return tool("lint-imports", "tests/runtime_imports.toml") and layers


def migrations() -> bool:
    return manage("makemigrations", "--check", "--dry-run")


def deployment() -> bool:
    return manage("check", "--deploy", "--fail-level", "WARNING", PARLEY_URL="https://chat.example.org")


def built() -> bool:
    """The scripts pass the linter, and all committed files that are built are what their sources build."""
    if shutil.which("npm") is None:
        print("npm is missing, so the icons, app.css and the scripts could not be built again.")
        return not IN_CI
    scripts = sorted(path.name for path in (ROOT / "static/js").glob("*.min.js"))
    made = ("icons.svg", "css/icons.css", "css/app.css", *(f"js/{name}" for name in ("app.js", *scripts)))
    committed = [ROOT / "static" / name for name in made]
    before = [path.read_bytes() for path in committed]
    npm = ["npm", "--silent", "--no-audit", "--no-fund"]
    if not run(*npm, "ci") or not run(*npm, "run", "lint") or not run(*npm, "run", "build"):
        return False
    if [path.read_bytes() for path in committed] == before:
        return True
    print(f"One of {', '.join(made)} did not match its source. It was rebuilt: commit it.")
    return False


def audit() -> bool:
    """Looks for known vulnerabilities of the dependencies. If their list cannot be reached, that is printed,
    and the check passes."""
    program = str(Path(sys.executable).with_name("pip-audit"))
    options = "--require-hashes --disable-pip --format json --progress-spinner off"
    command = [program, *options.split(), "--requirement", "requirements-dev.lock"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    try:
        packages = json.loads(answer.stdout)["dependencies"]
    except ValueError:
        print(f"The list of weaknesses could not be reached:\n{answer.stderr.strip()[-300:]}")
        return True
    unknown = [package for package in packages if "skip_reason" in package]
    weak = [package for package in packages if package.get("vulns")]
    for package in weak:
        print(package["name"], package["version"], *(weakness["id"] for weakness in package["vulns"]))
    print(
        f"{len(packages)} packages, {len(unknown)} of them unknown to the list, {len(weak)} with a weakness."
    )
    return not weak


def locks() -> bool:
    found = errors(ROOT)
    print(*found, sep="\n", end="\n" if found else "")
    return not found


# Those that take long come first.
STEPS: list[Callable[[], bool]] = [
    types,
    built,
    security,
    audit,
    deployment,
    migrations,
    templates,
    texts,
    translations,
    imports,
    lint,
    formatting,
    locks,
]


def alone(name: str) -> tuple[bool, str]:
    """Run one step in a process of its own: whether it passed, and its output."""
    command = [sys.executable, "-m", "tests.checks", name]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ran.returncode == 0, ran.stdout


def main(names: list[str]) -> int:
    """Runs the named steps, or all, two at a time; 1 if one failed, 2 if there is no such step."""
    known = {step.__name__: step for step in STEPS}
    if unknown := set(names) - set(known):
        print(f"No such check: {', '.join(sorted(unknown))}. There are {', '.join(known)}.")
        return 2
    if len(names) == 1:
        return 0 if known[names[0]]() else 1
    failed = []
    with ThreadPoolExecutor(2) as pool:
        chosen = names or list(known)
        for name, (passed, output) in zip(chosen, pool.map(alone, chosen), strict=True):
            print(f"── {name}\n{output}", end="", flush=True)
            if not passed:
                failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
