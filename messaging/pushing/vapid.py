"""How Parley identifies itself to push services: a signed token with a contact address (RFC 8292)."""

import json
import re
import time
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from messaging.models import PushSetup, User
from messaging.models.db.base64url import decoded, encoded
from messaging.pushing.encryption import CURVE, point

VALID_SECONDS: Final = 12 * 3600  # of a token; push services refuse more than 24 hours
RENEWED_SECONDS: Final = 3600
# Names that cannot be reached from the internet. Apple answers "BadJwtToken" to a contact there.
_NOT_REAL: Final = re.compile(r"(^|\.)(localhost|local|internal|lan|home|invalid|test|example|localdomain)$")


def is_real(contact: str) -> bool:
    """Whether push services accept this contact: `mailto:` with an address, or an `https:` URL, at a public
    host name."""
    scheme, _colon, rest = contact.partition(":")
    if scheme == "mailto":
        name, _at, host = rest.rpartition("@")
        if not name or re.search(r"\s", rest):
            return False
    elif scheme == "https":
        host = urlsplit(contact).hostname or ""
    else:
        return False
    return _is_public_name(host.lower())


def contact() -> str:
    """The contact of this site: PARLEY_PUSH_CONTACT, or the address of the first owner or administrator who
    has one; empty if none is real."""
    if settings.PUSH_CONTACT:
        return settings.PUSH_CONTACT if is_real(settings.PUSH_CONTACT) else ""
    people = User.objects.filter(is_active=True, role__in=User.ADMINISTRATORS).exclude(email="")
    addresses = people.order_by("-email_confirmed", "pk").values_list("email", flat=True)
    found = (f"mailto:{address}" for address in addresses[:20])
    return next((one for one in found if is_real(one)), "")


def public_key() -> str:
    """The site's public key, for which browsers subscribe: base64url."""
    return _public_key(PushSetup.objects.current().private_key)


def authorization(endpoint: str, private_key: str, contact: str) -> str:
    """The header `Authorization` for a request to an endpoint.

    Args:
        private_key: of `PushSetup`.
        contact: as `contact()` returns it.
    """
    parts = urlsplit(endpoint)
    audience = f"{parts.scheme}://{parts.netloc}"
    token = _token(audience, private_key, contact, int(time.time() // RENEWED_SECONDS))
    return f"vapid t={token}, k={_public_key(private_key)}"


@lru_cache(maxsize=64)
def _token(audience: str, private_key: str, contact: str, hour: int) -> str:
    claims = {"aud": audience, "exp": hour * RENEWED_SECONDS + VALID_SECONDS, "sub": contact}
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", "alg": "ES256"}, claims)]
    signed = ".".join(map(encoded, parts))
    r, s = decode_dss_signature(_key(private_key).sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{signed}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


@lru_cache(maxsize=4)
def _public_key(private_key: str) -> str:
    return encoded(point(_key(private_key).public_key()))


def _key(private_key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(private_key), "big"), CURVE)


def _is_public_name(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return "." in host and not host.startswith(".") and not _NOT_REAL.search(host)
    return False
