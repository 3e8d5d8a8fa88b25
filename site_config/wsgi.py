import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")
django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, told that every text is UTF-8, which is what our pages send.

    It would believe any codec that a request names, while it builds the request too, where no handler catches
    what Python's stranger ones raise.
    """
    kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
    kept = [one for one in parameters if not one.strip().lower().startswith("charset")]
    environ["CONTENT_TYPE"] = ";".join([kind, *kept])
    return django(environ, start_response)
