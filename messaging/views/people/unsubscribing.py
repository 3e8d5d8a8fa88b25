"""Unsubscribing from mails: the pages of the links in them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from messaging.mailing.unsubscribing import DIGEST, MISSED, Subscription


@csrf_exempt  # mail programs post to it without having loaded the page (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def missed_mails_off(request: HttpRequest, token: str) -> HttpResponse:
    """No more mails about missed messages."""
    return _off(request, token, MISSED, "messaging/mail/off.html")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def digest_off(request: HttpRequest, token: str) -> HttpResponse:
    """No more weekly digests."""
    return _off(request, token, DIGEST, "messaging/mail/digest_off.html")


def _off(request: HttpRequest, token: str, mails: Subscription, template: str) -> HttpResponse:
    """GET asks for confirmation, POST unsubscribes. Without sign-in: the token says whose mails they are.

    GET changes nothing, since mail servers follow links to check them.
    """
    person = mails.person_of(token)
    if person is None:
        raise Http404
    is_over = request.method == "POST"
    if is_over:
        mails.end(person)
    return render(request, template, {"person": person, "is_over": is_over})
