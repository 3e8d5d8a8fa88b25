"""The product's URLs, and some whose views fail as the database and the disk do."""

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from site_config.urls import handler500 as handler500
from site_config.urls import urlpatterns as of_the_product


def fails(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error


def route(name: str, error: Exception) -> Any:
    return path(f"fails/{name}/", fails, {"error": error})


urlpatterns = [
    *of_the_product,
    route("500", ZeroDivisionError("A secret that is nobody's business.")),
    route("503", OperationalError("database is locked")),
    route("507", OperationalError("database or disk is full")),
]
