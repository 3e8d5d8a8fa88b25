"""The languages of the pages, and the one of this site for those whom nobody can ask."""

from pathlib import Path
from typing import Final

import environ
from django.core.exceptions import ImproperlyConfigured

_env: Final = environ.Env()

# Each by its own name. Those whose catalog in messaging/locale is complete (`make check`).
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("ar", "العربية"),
    ("ja", "日本語"),
]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "messaging" / "locale"]
# For mails and notices to people who have chosen no language, and for browsers that ask for none of these.
LANGUAGE_CODE = _env.str("PARLEY_LANGUAGE", default="en")
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured(
        f"PARLEY_LANGUAGE is {LANGUAGE_CODE!r}: it must be one of {', '.join(dict(LANGUAGES))}."
    )
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # of what was chosen on a page without signing in
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
FORMAT_MODULE_PATH = "messaging.formats"  # dates and times
