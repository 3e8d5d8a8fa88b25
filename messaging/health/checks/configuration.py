"""The settings, the key and the folder of everything."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks

from messaging.health.finding import Finding, fault, warning, well

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check() -> Iterator[Finding]:
    yield from _settings()
    yield from rights(settings.VAR_DIR, "The folder PARLEY_VAR")
    key = settings.VAR_DIR / "secret_key"
    if os.environ.get("SECRET_KEY"):
        yield well("The key comes from SECRET_KEY.")
    elif key.exists():
        yield from rights(key, "The key")
    else:
        yield fault("There is no key.", "Set SECRET_KEY, or start Parley, which makes one.")


def _settings() -> Iterator[Finding]:
    found = checks.run_checks(include_deployment_checks=settings.SECURE)
    for message in found:
        if not message.is_silenced():
            hint = message.hint or "See docs/settings.md."
            make = fault if message.is_serious(checks.ERROR) else warning
            yield make(f"{message.msg} ({message.id})", str(hint))
    if not settings.SECURE:
        yield warning(
            f"PARLEY_URL is {settings.PARLEY_URL}: only this machine can reach Parley.",
            "For a team set it to an https address.",
        )
    elif not found:
        yield well(f"The settings are right for {settings.PARLEY_URL}.")


def rights(path: Path, name: str) -> Iterator[Finding]:
    """Whether this account may write there, and others may not read."""
    if not path.exists():
        yield fault(f"{name} ({path}) does not exist.", "Start Parley once, which makes it.")
        return
    about = path.stat()
    if not os.access(path, os.W_OK):
        yield fault(f"{name} ({path}) cannot be written.", "Give it to the account that runs Parley (chown).")
    elif about.st_mode & _OTHERS:
        yield warning(f"Others on this machine can read {name[0].lower()}{name[1:]}.", f"chmod go= {path}")
    elif about.st_uid != os.geteuid():
        yield warning(f"{name} belongs to another account.", "Run doctor as the account that runs Parley.")
    else:
        yield well(f"{name} can be read by its account alone.")
