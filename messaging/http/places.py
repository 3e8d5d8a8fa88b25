"""Requests for a place without the shell around it, from a page that is open: docs/decisions/0027."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

PLACE: Final = "place"  # the type of such a request (static/js/places.js)
VERSION: Final = "Parley-Shell"  # in the answer, the version of the shell that belongs to the place
LOCATION: Final = "Parley-Location"  # where a redirect leads


def is_fetched_ahead(request: HttpRequest) -> bool:
    """Whether nobody has asked for the page yet: the pointer is over a link to it."""
    return "HX-Preloaded" in request.headers


class PlaceMiddleware:
    """Sets the headers that tell the open page that the answer is a place, or where a redirect leads.

    A page with a shell around it has set `request.shell_version`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        is_place = request.htmx.request_type == PLACE
        if is_place and response.has_header("Location"):
            response[LOCATION] = response["Location"]
            del response["Location"]
            response.status_code = 204
        if shell_version := getattr(request, "shell_version", ""):
            patch_vary_headers(response, ["HX-Request-Type"])  # the page and its place have one address
            if is_place and response.status_code == 200:
                response[VERSION] = shell_version
            if is_fetched_ahead(request) and settings.CSRF_COOKIE_NAME in request.COOKIES:
                request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False  # else Django would prolong it
        return response
