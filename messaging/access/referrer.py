"""The page of this site that a request came from, as the browser says in its Referer header."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from messaging.models.db.numbers import LARGEST_ID


def page_before(request: HttpRequest) -> str:
    """The path of that page, with its query; empty if the request came from elsewhere, or does not say."""
    referrer = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(referrer, hosts, require_https=request.is_secure()):
        return ""
    parts = urlsplit(referrer)
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # The path of "https://this.example//that.example/" would lead to another site.
    return page if url_has_allowed_host_and_scheme(page, None) else ""


def conversation_before(request: HttpRequest) -> int | None:
    """The id in the address of that page, if it is the page of a conversation. Whether there is such a
    conversation, and whether the person may see it, is not checked."""
    try:
        found = resolve(page_before(request).partition("?")[0])
    except Resolver404:
        return None
    pk = int(found.kwargs["pk"]) if found.url_name == "conversation" else 0
    return pk if 0 < pk <= LARGEST_ID else None
