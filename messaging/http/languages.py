"""In which language a request is answered: the one that the person chose, else the one of their browser."""

import logging
import re
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from messaging.models.people.languages import is_supported

logger = logging.getLogger(__name__)

# The same in all languages: for these neither the session nor the person is read.
UNTRANSLATED_PATHS: Final = re.compile(r"/viewers/\d+\.css|/emoji/")


class LanguageMiddleware:
    """Answers each request in the language of its person or browser, error pages and redirects too.

    Everything that shows more than an error reads the person anyway. No language stays active afterwards.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if UNTRANSLATED_PATHS.fullmatch(request.path):
            return self.get_response(request)
        with translation.override(language_for(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def language_for(request: Any) -> str:
    """The language that the signed-in person chose, else that of the browser."""
    chosen = _chosen(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
    return chosen if is_supported(chosen) else language_of_browser(request)


def language_of_browser(request: Any) -> str:
    """What was chosen on a page without signing in (a cookie), or what the browser asks for; else that of the
    site."""
    return translation.get_language_from_request(request)


def _chosen(request: Any) -> str:
    try:
        person = request.user
        return str(person.language) if person.is_authenticated else ""
    except DatabaseError as error:  # what needs the person fails too
        logger.warning("The language of a person could not be read: %s", error)
        return ""
