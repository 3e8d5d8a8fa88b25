"""Whole message lists, cached by the version of the conversation."""

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
    """Cache a list that is the same for every member, and respond 304 if the browser has it.

    It must be *below* the decorators of `messaging.access.decorators`: they check access on a cache hit too,
    and set `request.conversation`, `installation` and `people_version`. The view must not render anything
    that depends on the viewer.
    """

    @wraps(view)
    def cached(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        conversation = request.conversation
        # After a backup was restored, version numbers are used again, but with a new epoch.
        site = f"{build()}.{request.installation.epoch}.{request.people_version}"
        key = f"{site}.{conversation.pk}.{conversation.version}.{get_language()}"
        stored = cache_page(PAGE_SECONDS, cache="pages", key_prefix=key)(vary_on_htmx(view))
        etag = hashlib.sha256(f"{key} {request.get_full_path()} {request.htmx.request_type}".encode())
        conditional = condition(etag_func=lambda *a, **k: f'"{etag.hexdigest()[:32]}"')
        with timezone.override(None):  # the same for every member, in any time zone
            response = conditional(stored)(request, *args, **kwargs)
        # Set out here: `private` inside would disable the server's cache, and with `max-age` browsers would
        # show an old list after a write.
        for header in ("Expires", "Cache-Control"):
            response.headers.pop(header, None)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return cached


vary_on_htmx = vary_on_headers("HX-Request", "HX-Request-Type")
