"""How passwords are stored."""

import unicodedata
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class PasswordHasher(PBKDF2PasswordHasher):
    """Django's, over the password in one form of Unicode: NFKC, as NIST SP 800-63B-4 (3.1.1.2) says.

    The same password can be composed of different characters on another keyboard or system.
    """

    def encode(self, password: str, *args: Any, **options: Any) -> str:
        encoded: str = super().encode(unicodedata.normalize("NFKC", password), *args, **options)
        return encoded
