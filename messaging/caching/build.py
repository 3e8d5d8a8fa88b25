"""What the program is: one hash in every cache key."""

import hashlib
from functools import cache
from pathlib import Path
from typing import cast

import django
from django.conf import settings

PROGRAM = Path(__file__).parent.parent  # the whole package, not this folder alone
MADE_OF = {".py", ".html", ".mo"}  # code, templates and translations


@cache
def build() -> str:
    """A hash of everything that makes markup: after a deploy nothing of the old one is served.

    The code too: what a template asks of a model (a person's initials, their colour) is markup as well.
    """
    digest = hashlib.sha256(django.__version__.encode())
    for folder in (PROGRAM, *cast(list[Path], settings.TEMPLATES[0]["DIRS"])):
        for path in sorted(path for path in Path(folder).rglob("*.*") if path.suffix in MADE_OF):
            digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
