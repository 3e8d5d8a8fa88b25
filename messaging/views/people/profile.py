from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.auth.email_confirmation import Confirmation
from messaging.forms import ProfileForm
from messaging.http.failures import RETRY_AFTER_SECONDS
from messaging.http.rate_limits import take_token
from messaging.views.responses import render_page, too_many_requests, with_retry_after


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_profile(request: MemberRequest) -> HttpResponse:
    """The person's own profile, time zone and theme."""
    context: dict[str, Any] = {"waiting": Confirmation.waiting(request)}
    if request.method != "POST":
        context["form"] = ProfileForm(user=request.user)
        return render_page(request, "messaging/people/profile.html", context)
    # The token is taken before the picture is decoded: also one that is refused has cost the time.
    wait = take_token("picture", request.user.pk) if "picture" in request.FILES else 0
    form = context["form"] = ProfileForm(request.POST, None if wait else request.FILES, user=request.user)
    if wait:
        form.add_error(None, too_many_requests(wait))
    if not form.is_valid():
        answer = render_page(request, "messaging/people/profile.html", context, status=422)
        if form.has_error("picture", "busy"):
            answer.status_code = 503
            answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return with_retry_after(answer, wait)
    form.save()
    messages.success(request, _("Settings saved."))
    return redirect("account")
