"""The ASGI application: `/live/` goes to the streams, `/up` is answered at once, and everything else goes
through WSGI to the Django views.

Django's own ASGI handler uses a new thread and a new database connection for each request. The bridge limits
and reuses both (docs/decisions/0004-wsgi-behind-asgi.md).
"""

import gc
from importlib import import_module
from typing import Any

from django.conf import settings

from site_config.wsgi import application as django  # must come first, because it sets up Django

from messaging.backup.errors import BackupError  # isort: skip
from messaging.backup.interruption import refuse_half_restored  # isort: skip
from messaging.health import up  # isort: skip
from messaging.http.bridge import Bridge  # isort: skip
from messaging.live import endpoint  # isort: skip
from messaging.metrics import serving  # isort: skip

WORKERS = 8

try:
    refuse_half_restored()
except BackupError as error:
    raise SystemExit(str(error)) from error

pages = Bridge(django, WORKERS)
serving.start()

import_module(settings.ROOT_URLCONF)  # loads all views, so that the first request need not wait for it

# What is loaded now stays for ever, so the garbage collector need not scan it again and again.
gc.collect()
gc.freeze()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Pass a request to the streams or to the pages."""
    path = scope["path"] if scope["type"] == "http" else ""
    if path == up.PATH:
        await up.application(scope, receive, send)
    else:
        await (endpoint.application if path.startswith(endpoint.PATH) else pages)(scope, receive, send)
