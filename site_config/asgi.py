"""The server's door: plain Django views through a small pool of persistent threads.

Django's own ASGI handler gives each request a thread and a database connection of its own; through
a2wsgi both are bounded and used again (docs/decisions/0004-wsgi-behind-asgi.md has the figures).
"""

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from site_config.wsgi import application as django

WORKERS = 8

application = WSGIMiddleware(cast(Any, django), workers=WORKERS)
