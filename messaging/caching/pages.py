"""Whole lists, cached under the conversation's version."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.cache import cache_page
from django.views.decorators.http import condition
from django.views.decorators.vary import vary_on_headers

from messaging.caching.build import build

View = Callable[..., HttpResponse]
PAGE_SECONDS = 60


def versioned_cache_page(view: View) -> View:
    """Cache a list that is the same for every member, and answer 304 where the browser has it.

    To be put *below* the decorators of `messaging.access.decorators`, which run on a hit too and set
    `request.conversation`, `installation` and `people_version`. What it wraps must render nothing about the
    viewer.
    """

    @wraps(view)
    def cached(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        conversation = request.conversation
        # The epoch is another one when a backup is restored, whose versions come a second time.
        life = f"{build()}.{request.installation.epoch}.{request.people_version}"
        state = f"{life}.{conversation.pk}.{conversation.version}.{get_language()}"
        stored = cache_page(PAGE_SECONDS, cache="pages", key_prefix=state)(vary_on_htmx(view))
        etag = hashlib.sha256(f"{state} {request.get_full_path()} {request.htmx.request_type}".encode())
        conditional = condition(etag_func=lambda *a, **k: f'"{etag.hexdigest()[:32]}"')
        with timezone.override(None):  # the same for every member, wherever they are
            response = conditional(stored)(request, *args, **kwargs)
        # Set outside: `private` within would switch the server's cache off, and `max-age` would keep the list
        # in browsers, where no write can reach it.
        for header in ("Expires", "Cache-Control"):
            response.headers.pop(header, None)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return cached


vary_on_htmx = vary_on_headers("HX-Request", "HX-Request-Type")
