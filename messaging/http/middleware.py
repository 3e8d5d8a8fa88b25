"""One answer for each thing that can go wrong below a view. The text in the composer survives each."""

import errno
import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from messaging.models import User
from messaging.views.site.setup import set_up

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 2


class SetUpMiddleware:
    """Until somebody is there, nothing can be reached but the link that makes the first account."""

    is_set_up = False  # once somebody was there, nobody asks again

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if SetUpMiddleware.is_set_up or view is set_up:
            return None
        SetUpMiddleware.is_set_up = User.objects.exists()
        if SetUpMiddleware.is_set_up:
            return None
        return render(request, "messaging/site/not_set_up.html", status=503)


class FailureMiddleware:
    """Locked or unreachable database: 503. Disk full: 507. Something vanished meanwhile: 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (Http404, ObjectDoesNotExist)):
            return gone(request, error)
        disk_is_full = isinstance(error, OSError) and error.errno == errno.ENOSPC  # a picture's file
        if disk_is_full or isinstance(error, (OperationalError, InterfaceError)):
            return unavailable(request, error)
        return None


def gone(request: HttpRequest, error: Exception) -> HttpResponse:
    """The 404 of someone who lost access while they wrote: nothing of the conversation, all of their text."""
    if "content" not in request.POST:
        raise Http404 from error
    return render(request, "messaging/messages/lost.html", {"text": request.POST["content"]}, status=404)


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that nothing was written, and when to try again."""
    logger.warning("The database could not answer: %s", error)
    if "disk is full" in str(error) or "No space left" in str(error):
        return render(request, "507.html", status=507)
    response = render(request, "503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
