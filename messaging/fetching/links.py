"""Which URLs are fetched. One form of each is accepted, so that no two programs can read it differently."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from messaging.fetching.errors import NotAllowed

LONGEST: Final = 2000
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_VISIBLE: Final = re.compile(r"[!-~]+")
# No user name, no empty port, and a host in ASCII.
_PLACE: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# Browsers and system libraries read a name that ends in such a label as an IPv4 address.
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT: Final = "%/:=&?~#+!$,;'@()*[]"  # what a URL may have beside letters, digits and "-._"


@dataclass(frozen=True)
class Target:
    """Where a request goes. `host` is a name in lower case, or an IP address without brackets."""

    scheme: str
    host: str
    port: int
    path: str
    is_address: bool


def target_of(url: str, ports: Collection[int]) -> Target:
    """The parts of a URL.

    Raises:
        NotAllowed: it is not http or https, has a user name, another port, or a host in an unusual form.
    """
    if len(url) > LONGEST or "\\" in url or not _VISIBLE.fullmatch(url):
        raise NotAllowed("not a plain URL")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise NotAllowed("not a URL") from None
    place = _PLACE.fullmatch(parts.netloc.lower())
    if parts.scheme not in DEFAULT_PORTS or place is None:
        raise NotAllowed("scheme or host")
    port = int(place[2]) if place[2] else DEFAULT_PORTS[parts.scheme]
    if port not in ports:
        raise NotAllowed("port")
    host, is_address = _host(place[1])
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port, (parts.path or "/") + query, is_address)


def joined(base: str, link: str) -> str:
    """The URL that a page or a redirect at `base` means by `link`, in ASCII. It is yet to be checked."""
    try:
        return urljoin(base, quote(link.strip(), safe=_KEPT))
    except ValueError:
        raise NotAllowed("not a URL") from None


def _host(host: str) -> tuple[str, bool]:
    try:
        if host.startswith("["):
            return str(IPv6Address(host[1:-1])), True
        labels = host.split(".")
        if _NUMBER.fullmatch(labels[-1]):
            return str(IPv4Address(host)), True  # four decimal numbers without leading zeros, or a ValueError
    except ValueError:
        raise NotAllowed("an address in an unusual form") from None
    if len(host) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise NotAllowed("not a full host name")
    return host, False
