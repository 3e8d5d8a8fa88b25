"""A hash of the program, which is part of every cache key."""

import hashlib
from functools import cache
from pathlib import Path
from typing import cast

import django
from django.conf import settings

PROGRAM = Path(__file__).parent.parent  # the whole package, not this folder alone


@cache
def program_hash() -> str:
    """A hash of everything that produces HTML, so that nothing cached before a deployment is served after it.

    It includes the code, because templates show what models compute (a person's initials, their colour).
    """
    digest = hashlib.sha256(django.__version__.encode())
    code = [(PROGRAM, ".py"), (PROGRAM, ".mo")]
    templates = [(Path(folder), ".html") for folder in cast(list[Path], settings.TEMPLATES[0]["DIRS"])]
    for folder, suffix in code + templates:  # makemessages puts other files beside templates for a moment
        for path in sorted(folder.rglob(f"*{suffix}")):
            digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
