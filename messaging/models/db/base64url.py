"""Base64url without padding, as the protocols of push notifications have it (RFC 7515, 2)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def decoded(text: str) -> bytes:
    """The bytes of base64url, with or without padding. Raises ValueError, also for what Python would skip."""
    bare = text.rstrip("=")
    data = urlsafe_b64decode(bare.encode() + b"=" * (-len(bare) % 4))
    if encoded(data) != bare or len(text) - len(bare) > 2:
        raise ValueError("not base64url")
    return data


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
