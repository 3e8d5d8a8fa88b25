"""The person's own status."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.forms import StatusForm
from messaging.models.inbox.status import set_status
from messaging.views.responses import rate_limited, render_page, with_retry_after


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_status(request: MemberRequest) -> HttpResponse:
    """Set the status, or with `clear` remove it."""
    if request.method == "POST" and "clear" in request.POST:
        set_status(request.user, "")
        messages.success(request, _("Status cleared."))
        return redirect("account_status")
    form = StatusForm(request.POST if request.method == "POST" else None, user=request.user)
    wait = rate_limited(request, "status", form)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return with_retry_after(
            render_page(request, "messaging/people/status.html", {"form": form}, status), wait
        )
    set_status(request.user, form.cleaned_data["status"], form.cleaned_data["until"])
    messages.success(request, _("Status set."))
    return redirect("account_status")
