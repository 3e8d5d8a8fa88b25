from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.access.lookups import conversation_or_none
from messaging.models.inbox.destinations import Destination, Kind
from messaging.models.inbox.switcher import find
from messaging.views.inbox.switcher_pages import commands_for, pages_for
from messaging.views.responses import number_in, render_page, words_in


@require_safe
@sign_in_required
def switcher(request: MemberRequest) -> HttpResponse:
    """Where one can go from here: as a page of links, or for the dialog only the list, as its options.

    `q` is what was typed, `from` the id of the open conversation.
    """
    words, here = words_in(request.GET), number_in(request.GET, "from")
    conversation = conversation_or_none(request.user, here) if here else None
    commands = commands_for(request.user, request.installation, conversation)
    found = find(request.user, words, here, [*commands, *pages_for(request.user)])
    for one in found:
        one.address = one.address or _address_of(one)
    context = {"found": found, "words": words, "from": conversation and conversation.pk}
    if request.htmx.request_type == "partial":
        response = render(request, "messaging/inbox/_switcher_options.html", context)
    else:
        response = render_page(request, "messaging/inbox/switcher.html", context)
    patch_vary_headers(response, ["HX-Request-Type"])  # both have the same address
    return response


def _address_of(place: Destination) -> str:
    if place.conversation:
        return reverse("conversation", args=[place.conversation])
    return reverse("thread" if place.kind == Kind.THREAD else "person", args=[place.pk])
