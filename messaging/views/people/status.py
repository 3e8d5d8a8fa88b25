"""What one says of oneself for a while."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.forms import StatusForm
from messaging.views.responses import asked_to_wait, shell, too_fast


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_status(request: MemberRequest) -> HttpResponse:
    """Say something, or with `clear` nothing any more."""
    if request.method == "POST" and "clear" in request.POST:
        request.user.say("")
        messages.success(request, "Your status is cleared.")
        return redirect("account_status")
    form = StatusForm(request.POST if request.method == "POST" else None, user=request.user)
    wait = too_fast(request, "status", form)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return asked_to_wait(shell(request, "messaging/people/status.html", {"form": form}, status), wait)
    request.user.say(form.cleaned_data["status"], form.cleaned_data["until"])
    messages.success(request, "Your status is set.")
    return redirect("account_status")
