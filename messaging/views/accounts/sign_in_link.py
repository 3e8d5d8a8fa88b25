from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.ratelimit import consume_or_429
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.lookups import NotFound
from messaging.auth.sign_in_links import person_of_token
from messaging.models import AuditEntry


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link of `manage.py sign_in_link`. The page asks first, since programs follow links too. A
    second factor is asked for as after a password."""
    if refusal := consume_or_429(request, action="provider", limit_get=True):
        return refusal
    with transaction.atomic():
        person = person_of_token(token, lock=request.method == "POST")
        if person is None:
            raise NotFound
        if request.method != "POST":
            return render(request, "account/sign_in_link.html", {"person": person, "token": token})
        record_authentication(request, person, "sign_in_link")
        AuditEntry.objects.record(person, AuditEntry.Act.USED_SIGN_IN_LINK)
        response: HttpResponse = perform_login(
            request, person, email_verification="none", redirect_url=reverse("account")
        )
    return response
