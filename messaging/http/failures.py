"""The responses to refusals and failures. Each gives back the text of a message that was being sent."""

import logging

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from messaging.models.db.refusals import NOT_FOUND, Refused

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 2


def typed_text(request: HttpRequest) -> str:
    """The text of a message that was being sent; empty if there was none, or the body cannot be read."""
    try:
        return request.POST.get("content", "")
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return ""


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page for a refusal that no view handled."""
    if refusal.status == NOT_FOUND:
        return not_found(request, refusal)
    context = {"sentence": refusal.sentence, "text": typed_text(request)}
    response = render(request, "refused.html", context, status=refusal.status)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    """A 404. If the request contains a text, the page gives it back, and reveals nothing.

    Raises:
        Http404: the request contains no text, so Django shows the usual page.
    """
    if "content" not in request.POST:
        raise Http404 from error
    return render(request, "messaging/messages/lost.html", {"text": request.POST["content"]}, status=404)


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """A 503 with the time to try again, or a 507 if the disk is full. Nothing was written."""
    logger.warning("The database or the storage could not answer: %s", error)
    if "disk is full" in str(error) or "No space left" in str(error):
        return render(request, "507.html", {"text": typed_text(request)}, status=507)
    response = render(request, "503.html", {"text": typed_text(request)}, status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
