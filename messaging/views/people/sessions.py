"""The list of one's own sessions, and signing out of them, for example on a lost phone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models import Session
from messaging.views.responses import render_page


@require_safe
@sign_in_required
@never_cache
def session_list(request: MemberRequest) -> HttpResponse:
    """The person's own sessions, this one first."""
    here = request.session.session_key
    signed_in = [session for session in _open(request) if session.is_signed_in]
    sessions = sorted(signed_in, key=lambda session: session.session_key != here)
    return render_page(
        request, "messaging/people/sessions.html", {"sessions": sessions, "this_browser": here}
    )


@require_POST
@sign_in_required
def session_end(request: MemberRequest, session_id: str) -> HttpResponse:
    """Sign out elsewhere: of one session, or of all others if `session_id` is "others"."""
    ended = 0
    for session in _open(request):
        is_other = session.session_key != request.session.session_key
        if is_other and session_id in ("others", session.public_id):
            session.delete()
            ended += session.is_signed_in  # half-way sign-ins are not listed, so not counted
    if ended:
        notice = ngettext("Signed out of %(number)d session.", "Signed out of %(number)d sessions.", ended)
        messages.success(request, notice % {"number": ended})
    else:
        messages.info(request, _("This session is already signed out, or is your current one."))
    return redirect("session_list")


def _open(request: MemberRequest) -> list[Session]:
    return list(request.user.sessions.filter(expire_date__gt=timezone.now()).order_by("-expire_date"))
