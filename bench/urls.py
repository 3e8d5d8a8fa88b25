"""The product's URLs, and a view that does nothing: what remains is the server and the middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as product


def ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bench/ok/", ok), *product]
