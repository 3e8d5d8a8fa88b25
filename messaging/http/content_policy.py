"""The content security policy and the permissions policy, which are the same for every response."""

from functools import cache

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin


class ContentPolicyMiddleware(MiddlewareMixin):
    """Sets the policies of `settings.CONTENT_SECURITY_POLICY` and `settings.PERMISSIONS_POLICY`.

    django-csp's own middleware builds the text anew for each response, since views could change it or use a
    nonce. That was a tenth of the cost of a 304.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault(HEADER, policy())
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


@cache
def policy() -> str:
    return build_policy()
