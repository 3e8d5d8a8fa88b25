"""The fingerprint of a text as it was sent, by which a message that is sent again is recognised.

It is an HMAC under the site's key: from a bare hash, somebody with a copy of the database could confirm a
guess of a short text. It is deleted with the first text (`redact`, `remove_text`).
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

from messaging.text import clean_text

SALT = "messaging.messages.sent_text"
LENGTH = 64  # SHA-256 in hexadecimal


def fingerprint(client_id: UUID, text: str) -> str:
    """The fingerprint of a text that was sent under this `client_id`, cleaned or as it was typed.

    The `client_id` is in it, so that two messages with the same text have different fingerprints. Texts that
    would be refused (too long, nothing visible) have one too: a new version may have stricter rules.
    """
    try:
        text = clean_text(text, max_length=None)
    except ValidationError:
        text = ""
    return salted_hmac(SALT, f"{client_id}\n{text}", algorithm="sha256").hexdigest()
