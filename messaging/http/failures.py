"""The answers to what goes wrong below a view. What was typed into a message survives each."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from messaging.models.db.refusals import NOT_FOUND, Refused

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 2


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page of a refusal that no view caught."""
    if refusal.status == NOT_FOUND:
        return not_found(request, refusal)
    context = {"sentence": refusal.sentence, "text": request.POST.get("content")}
    response = render(request, "refused.html", context, status=refusal.status)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    """A 404. Somebody who lost access while they wrote learns nothing of the conversation, and gets all of
    their text.

    Raises:
        Http404: there is no text, so Django's own page will do.
    """
    if "content" not in request.POST:
        raise Http404 from error
    return render(request, "messaging/messages/lost.html", {"text": request.POST["content"]}, status=404)


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """503 or 507: nothing was written, and when to try again."""
    logger.warning("The database could not answer: %s", error)
    if "disk is full" in str(error) or "No space left" in str(error):
        return render(request, "507.html", status=507)
    response = render(request, "503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
