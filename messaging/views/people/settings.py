"""What allauth's pages need to be pages of a person's settings (`messaging/people/settings.html`)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from messaging.access.decorators import set_site
from messaging.views.page_context import page_context


class SettingsMiddleware:
    """Gives allauth's pages the sidebar, when they are shown to somebody who is signed in.

    Parley's own views add it themselves, so they do not need this.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_template_response(self, request: Any, response: TemplateResponse) -> TemplateResponse:
        is_of_allauth = request.resolver_match.func.__module__.startswith("allauth.")
        if is_of_allauth and request.user.is_authenticated and response.context_data is not None:
            set_site(request)
            response.context_data = {**page_context(request), **response.context_data}
        return response
