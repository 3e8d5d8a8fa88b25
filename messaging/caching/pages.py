"""Whole message lists, cached by the version of the conversation: as responses, and as parts of pages."""

import hashlib
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from django.core.cache import caches
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import cache_page
from django.views.decorators.http import condition
from django.views.decorators.vary import vary_on_headers

from messaging.caching.program import program_hash

Part = TypeVar("Part")
View = Callable[..., HttpResponse]
PAGE_SECONDS = 60
PART_SECONDS = 300  # longer: a room is often opened again minutes later, when nothing was said since
VARY = ("HX-Request", "HX-Request-Type")
SHARED_KEY = "shared_key"  # an attribute of responses


def versioned_cache_page(view: View) -> View:
    """Cache a list that is the same for every member, and respond 304 if the browser has it.

    It must be *below* the decorators of `messaging.access.decorators`: they check access on a cache hit too,
    and set `request.conversation`, `installation` and `people_version`. The view must not render anything
    that depends on the viewer.
    """

    varied = vary_on_headers(*VARY)(view)

    @wraps(view)
    def cached(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _versions(request)

        def stored(*args: Any, **kwargs: Any) -> HttpResponse:
            return cache_page(PAGE_SECONDS, cache="pages", key_prefix=key)(varied)(*args, **kwargs)

        digest = hashlib.sha256(f"{key} {request.get_full_path()} {request.htmx.request_type}".encode())
        etag = digest.hexdigest()[:32]
        conditional = condition(etag_func=lambda *a, **k: f'"{etag}"')
        with timezone.override(None):  # the same for every member, in any time zone
            response = conditional(stored)(request, *args, **kwargs)
        # Set outside `cache_page`: `private` inside would disable the server's cache, and with `max-age`
        # browsers would show an old list after a write.
        for header in ("Expires", "Cache-Control"):
            response.headers.pop(header, None)
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, VARY)  # a 304 too
        if response.status_code == 200:
            setattr(response, SHARED_KEY, etag)
        return response

    return cached


def shared_key(response: HttpResponse) -> str | None:
    """The key of a response whose bytes are the same for every member; None for any other response."""
    key: str | None = getattr(response, SHARED_KEY, None)
    return key


def stored_part(request: Any, name: str, query: Sequence[int | None], render: Callable[[], Part]) -> Part:
    """A part of pages that is the same for every member, from the cache, or rendered and stored.

    Args:
        request: with the versions that the access decorators set. They are read before `render` is called.
        name: which part of pages.
        query: the numbers of the URL's query that it depends on.
        render: called without a time zone if the cache does not have it.
    """
    key = ".".join(map(str, [name, _versions(request), *query]))
    part: Part | None = caches["pages"].get(key)
    if part is None:
        with timezone.override(None):
            part = render()
        caches["pages"].set(key, part, PART_SECONDS)
    return part


def _versions(request: Any) -> str:
    """All that a list of this conversation depends on, besides which part of it is shown."""
    # After a backup was restored, version numbers are used again, but with a new epoch.
    site = f"{program_hash()}.{request.installation.epoch}.{request.people_version}"
    return f"{site}.{request.conversation.pk}.{request.conversation.version}.{get_language()}"
