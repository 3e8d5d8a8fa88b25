"""Caches whose keys hold everything that is shown, so that nothing has ever to be invalidated.

A page of a message list is stored under the conversation's version, a message under its own; both also under
the version of people's names and of the program. A write makes another key; the old ones fall out.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any, cast

import django
from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.cache import cache_page
from django.views.decorators.http import condition
from django.views.decorators.vary import vary_on_headers

from messaging.models import Message

View = Callable[..., HttpResponse]
PAGE_SECONDS = 60
PROGRAM = Path(__file__).parent


@cache
def build() -> str:
    """A hash of everything that makes markup: after a deploy nothing of the old one is served.

    The code too: what a template asks of a model (a person's initials, their colour) is markup as well.
    """
    digest = hashlib.sha256(django.__version__.encode())
    for folder in (PROGRAM, *cast(list[Path], settings.TEMPLATES[0]["DIRS"])):
        for path in sorted(path for path in Path(folder).rglob("*.*") if path.suffix in {".py", ".html"}):
            digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def versioned_cache_page(view: View) -> View:
    """Cache a list that is the same for every member, and answer 304 where the browser has it.

    To be put *below* the decorators of `messaging.access`, which run on a hit too and set
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


def rendered_messages(
    messages: Sequence[Message],
    people_version: int,
    context_of: Callable[[Sequence[Message]], dict[int, dict]],
    variant: str = "timeline",
) -> dict[int, str]:
    """The HTML of each of these messages: from the cache in one question, the missing ones rendered.

    Args:
        messages: with their senders.
        people_version: the installation's, read before the messages were.
        context_of: the rest of the template's context by message id, asked once for all that are missing.
        variant: the kind of list; a root says in the timeline what its thread holds, and in the thread not.
    """
    fragments = caches["fragments"]
    prefix = f"{build()}.{people_version}.{get_language()}.{variant}"
    keys = {f"{prefix}.{message.pk}.{message.version}": message for message in messages}
    found = fragments.get_many(keys)
    missing = {key: message for key, message in keys.items() if key not in found}
    if missing:
        contexts = context_of(list(missing.values()))
        with timezone.override(None):  # times are the site's: whoever asks first may be anywhere
            made = {
                key: render_to_string(
                    "messaging/messages/_message.html", {"message": one, **contexts[one.pk]}
                )
                for key, one in missing.items()
            }
        fragments.set_many(made)
        found |= made
    return {message.pk: found[key] for key, message in keys.items()}
