"""The first steps of the person who set the site up (`models/people/first_steps.py`)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.access.lookups import NotFound
from messaging.access.referrer import page_before
from messaging.http.rate_limits import take_token
from messaging.models import Conversation, User
from messaging.models.people.first_steps import put_away
from messaging.views.accounts.invitations import make_link
from messaging.views.responses import too_many_requests

DAYS = 7  # that the link works, for any number of people


@require_POST
@sign_in_required
def first_steps(request: MemberRequest) -> HttpResponse:
    """Make a link for the whole team and lead to it, or put the steps away and lead back."""
    if "link" not in request.POST:
        put_away(request.user)
        return redirect(page_before(request) or "conversation_list")
    if not request.user.is_administrator:
        raise NotFound
    if wait := take_token("invite", request.user.pk):
        messages.error(request, too_many_requests(wait))
        return redirect("invitation_list")
    public = Conversation.objects.addable_by(request.user).filter(
        kind=Conversation.Kind.ROOM, is_private=False, archived_at=None
    )
    wanted: dict[str, Any] = {"role": User.Role.MEMBER, "days": DAYS, "uses": None}
    make_link(request, {**wanted, "rooms": list(public.order_by("pk")[:1])})
    return redirect("invitation_list")
