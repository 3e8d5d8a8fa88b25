from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.inbox.new_reactions import see_reactions
from messaging.views.inbox.inbox import inbox_response
from messaging.views.responses import number_in


@require_POST
@sign_in_required
def reactions_seen(request: MemberRequest) -> HttpResponse:
    """The person has seen the reactions to their messages, up to the one with the id `newest`."""
    newest = number_in(request.POST, "newest") or 0
    see_reactions(request.user, newest)
    if request.htmx.request_type == "partial":
        request.user.reactions_seen = max(newest, request.user.reactions_seen)
        return inbox_response(request)
    return redirect("inbox")
