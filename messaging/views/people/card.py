"""The card of a person: what the name at a message leads to, without leaving the page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, person_required
from messaging.models import User


@require_safe
@person_required
def person_card(request: MemberRequest, person: User) -> HttpResponse:
    """The card, for htmx. Otherwise the address leads to the person's page."""
    if request.htmx.request_type != "partial":
        return redirect("person", person.pk)
    is_blocked = request.user.blocks.filter(blocked=person).exists()
    return render(request, "messaging/people/_card.html", {"person": person, "is_blocked": is_blocked})
