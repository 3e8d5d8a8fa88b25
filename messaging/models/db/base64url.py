"""Base64url without padding, as the protocols of push notifications have it (RFC 7515, 2)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def decoded(text: str) -> bytes:
    """The bytes of base64url, with or without padding. Raises ValueError."""
    return urlsafe_b64decode(text.rstrip("=").encode() + b"=" * (-len(text.rstrip("=")) % 4))


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
