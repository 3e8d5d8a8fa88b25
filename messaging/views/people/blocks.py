"""Blocking people: their messages are hidden, and nothing that they write notifies."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import MemberRequest, person_required, sign_in_required
from messaging.access.lookups import NotFound
from messaging.models import User
from messaging.models.inbox.blocking import block, unblock
from messaging.views.responses import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def person_block(request: MemberRequest, person: User) -> HttpResponse:
    """Block somebody; the page says what that does, and what it does not."""
    if person == request.user:
        raise NotFound
    if request.method != "POST":
        question = _("Block %(name)s?") % {"name": person.name}
        context = {"person": person, "question": question, "verb": _("Block")}
        return render_page(request, "messaging/people/block.html", context)
    block(request.user, person)
    messages.success(request, _("You blocked %(name)s. They are not told.") % {"name": person.name})
    return redirect("person", person.pk)


@require_POST
@person_required
def person_unblock(request: MemberRequest, person: User) -> HttpResponse:
    unblock(request.user, person)
    messages.success(request, _("You unblocked %(name)s.") % {"name": person.name})
    return redirect("person", person.pk)


@require_safe
@sign_in_required
@never_cache
def block_list(request: MemberRequest) -> HttpResponse:
    """The people whom one blocks."""
    blocks = request.user.blocks.select_related("blocked").order_by("-since", "-pk")
    return render_page(
        request, "messaging/people/blocked.html", {"people": [block.blocked for block in blocks]}
    )
