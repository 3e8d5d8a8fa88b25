"""Unsubscribing from the mails about missed messages: the page of the link in each mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from messaging.mailing.unsubscribing import person_of, unsubscribe


@csrf_exempt  # mail programs post to it without having loaded the page (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def missed_mails_off(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks for confirmation, POST unsubscribes. Without sign-in: the token says whose mails they are.

    GET changes nothing, since mail servers follow links to check them.
    """
    person = person_of(token)
    if person is None:
        raise Http404
    is_over = request.method == "POST"
    if is_over:
        unsubscribe(person)
    return render(request, "messaging/mail/off.html", {"person": person, "is_over": is_over})
