import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from messaging.http.failures import typed_text, unavailable


def server_error(request: HttpRequest) -> HttpResponse:
    """The response to an exception that nothing else handled, also if the database failed outside a view, for
    example while the session was read."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        return unavailable(request, error)
    return render(None, "500.html", {"text": typed_text(request)}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The response to a form without a valid CSRF token. It gives back the text to pages of this site only:
    no other site can make Parley show a text."""
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    return render(None, "403_csrf.html", {"text": typed_text(request) if is_ours else ""}, status=403)
