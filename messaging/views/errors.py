import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from messaging.http.failures import unavailable


def server_error(request: HttpRequest) -> HttpResponse:
    """The response to an exception that nothing else handled, also if the database failed outside a view, for
    example while the session was read."""
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        return unavailable(request, error)
    return render(None, "500.html", status=500)
