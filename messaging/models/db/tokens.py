"""Links that are as good as a password: who has one may, and only they. The database keeps their hash."""

import hashlib
import secrets


def new_token() -> str:
    """43 characters for an address: nobody guesses one of 2^256."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is stored of it. Unsalted and quick: there is nothing to guess, unlike with passwords."""
    return hashlib.sha256(token.encode()).hexdigest()
