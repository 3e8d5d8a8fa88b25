"""What a page says about itself: its title, its description, its site and its picture."""

import json
import re
import subprocess  # nosec B404 - one fixed program of our own
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messaging.fetching import page_reader
from messaging.fetching.errors import NotAllowed
from messaging.fetching.fetching import PAGE, fetch
from messaging.fetching.links import joined
from messaging.fetching.network import Network

PROGRAM: Final = Path(page_reader.__file__)
READ_SECONDS: Final = 5  # of the clock, also on a busy machine; the program itself limits its CPU time
_CHARSET: Final = re.compile(r"[A-Za-z0-9_:-]{2,40}")


@dataclass(frozen=True)
class PageInfo:
    """Plain texts as the page has them, not cleaned yet. `picture` is a URL, or empty."""

    title: str
    description: str = ""
    site_name: str = ""
    picture: str = ""


def fetch_page(url: str, network: Network) -> PageInfo:
    """What the page at a URL says about itself.

    Raises:
        NotAllowed, NotFetched: as `fetch`; or it has no title, or cannot be read within the limits.
    """
    page = fetch(url, PAGE, network)
    charset = page.charset if _CHARSET.fullmatch(page.charset) else ""
    # -I: nothing of the environment or the working directory is imported.
    command = [sys.executable, "-I", str(PROGRAM), charset]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603 - the charset is letters and digits
            command, env={}, input=page.body, capture_output=True, timeout=READ_SECONDS, check=True
        )
    except subprocess.SubprocessError:
        raise NotAllowed("cannot be read") from None
    said = json.loads(done.stdout)
    if "title" not in said:
        raise NotAllowed("no title")
    picture = said.pop("picture", "")
    with suppress(NotAllowed):  # a page whose picture has a malformed address has a preview without one
        said["picture"] = joined(page.url, picture) if picture else ""
    return PageInfo(**said)
