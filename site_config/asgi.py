"""The server's two doors: `/live/` leads to the streams, everything else to plain Django views.

Django's own ASGI handler gives each request a thread and a database connection of its own; through a2wsgi
both are bounded and used again (docs/decisions/0004-wsgi-behind-asgi.md has the figures).
"""

import gc
from importlib import import_module
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings

from site_config.wsgi import application as django  # first: it sets Django up

from messaging.live import stream  # isort: skip

WORKERS = 8

pages = WSGIMiddleware(cast(Any, django), workers=WORKERS)

import_module(settings.ROOT_URLCONF)  # all views: else the first visitor waits for them

# What is loaded by now stays: the collector need not look through it for as long as streams are open.
gc.collect()
gc.freeze()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Serve a request by its door."""
    is_stream = scope["type"] == "http" and scope["path"].startswith(stream.PATH)
    await (stream.application if is_stream else pages)(scope, receive, send)
