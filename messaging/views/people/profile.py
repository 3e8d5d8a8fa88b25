from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.auth.email_confirmation import Confirmation
from messaging.forms import ProfileForm
from messaging.http.languages import language_for
from messaging.views.pictures import add_limit, form_refused, uploaded_files
from messaging.views.responses import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_profile(request: MemberRequest) -> HttpResponse:
    """The person's own profile, language, time zone and theme."""
    context: dict[str, Any] = {"waiting": Confirmation.waiting(request)}
    if request.method != "POST":
        context["form"] = ProfileForm(user=request.user)
        return render_page(request, "messaging/people/profile.html", context)
    files, wait = uploaded_files(request)
    form = context["form"] = ProfileForm(request.POST, files, user=request.user)
    add_limit(form, wait)
    if not form.is_valid():
        return form_refused(form, render_page(request, "messaging/people/profile.html", context, 422), wait)
    form.save()
    response = redirect("account")
    if not request.user.language:  # as the browser says, and not as was once chosen in it before the sign-in
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
    with translation.override(language_for(request)):
        messages.success(request, _("Settings saved."))
    return response
