"""Tokens of links that are as good as a password. The database keeps only their hash."""

import hashlib
import secrets


def new_token() -> str:
    """43 characters for a URL, out of 2^256 possible tokens."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """The hash that is stored. Unsalted and fast: unlike a password, a random token cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
