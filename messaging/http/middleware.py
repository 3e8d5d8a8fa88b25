import errno
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from messaging.http import failures
from messaging.models import User
from messaging.models.db.refusals import Refused

SETUP = "set_up"  # the name of the only URL that can be reached before there is an account


class SetUpMiddleware:
    """Until there is an account, only the link that creates the first one can be reached."""

    is_set_up = False  # once it is true, the database is not queried again

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if SetUpMiddleware.is_set_up or (match and match.url_name == SETUP):
            return None
        SetUpMiddleware.is_set_up = User.objects.exists()
        if SetUpMiddleware.is_set_up:
            return None
        command = {"command": f"{settings.MANAGE} setup_link"}
        return render(request, "messaging/site/not_set_up.html", command, status=503)


class AccountPagesMiddleware:
    """Browsers and proxies keep no page below `/account/`: some show a secret, a code or a link.

    A form there that was refused after too many wrong passwords or codes (`auth.attempts`) is a 429.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(reverse("account")):
            add_never_cache_headers(response)
        if seconds := getattr(request, "wait_seconds", 0):
            response.status_code = 429
            response["Retry-After"] = str(seconds)
        return response


NO_STORAGE = {errno.ENOSPC, errno.EHOSTUNREACH}  # the disk is full; the bucket cannot be used


class FailureMiddleware:
    """Turns exceptions into responses.

    `Refused` gets its own page, and so does a 404 that gives back the text of a message. A locked or
    unreachable database, or an unreachable S3 bucket, is a 503; a full disk a 507. Others are left to Django.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return failures.refused(request, error)
        if isinstance(error, Http404):
            return failures.not_found(request, error)
        no_storage = isinstance(error, OSError) and error.errno in NO_STORAGE
        if no_storage or isinstance(error, (OperationalError, InterfaceError)):
            return failures.unavailable(request, error)
        return None
