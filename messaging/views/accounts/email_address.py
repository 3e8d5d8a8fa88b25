"""The e-mail address for password resets: entering, confirming, changing and removing it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.auth.account_adapter import NotDelivered
from messaging.auth.email_confirmation import Confirmation
from messaging.auth.recent_sign_in import recently_authenticated_without_password
from messaging.forms import EmailForm
from messaging.forms.accounts.attempts import EmailCodeForm
from messaging.views.responses import rate_limited, render_page, with_retry_after

NOT_SENT = gettext_lazy("The email could not be sent to this address. Check the address, or try again later.")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_email(request: MemberRequest) -> HttpResponse:
    """Change or remove the e-mail address for password resets."""
    data = request.POST if request.method == "POST" else None
    initial = {"email": request.user.email}
    form = EmailForm(
        data,
        user=request.user,
        recently_authenticated=recently_authenticated_without_password(request),
        initial=initial,
    )
    wait = 0
    if form.is_valid():
        email = form.cleaned_data["email"]
        if not email or not settings.HAS_MAIL_SERVER:
            request.user.email = email
            request.user.save(update_fields=["email"])
            messages.success(request, _("Email address saved.") if email else _("Email address removed."))
            return redirect("account")
        wait = rate_limited(request, "address", form)
        if not wait and _is_sent(form, lambda: Confirmation.begin(request, email, then=reverse("account"))):
            return redirect("account_email_code")
    context = {"form": form, "takes_code": settings.HAS_MAIL_SERVER}
    status = 422 if form.errors else 200
    return with_retry_after(
        render_page(request, "messaging/accounts/email_address.html", context, status), wait
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_email_code(request: MemberRequest) -> HttpResponse:
    """Enter the code that was mailed, or have another one mailed."""
    waiting = Confirmation.waiting(request)
    if waiting is None:
        return redirect("account_email")
    sent_again = request.method == "POST" and "again" in request.POST
    data = request.POST if request.method == "POST" and not sent_again else None
    form: Any = EmailCodeForm(data, code=waiting.code, user=request.user, email=waiting.email)
    again = forms.Form(request.POST if sent_again else None)
    wait = rate_limited(request, "address", again)
    if form.is_valid():
        waiting.finish()
        messages.success(request, _("Your email address is now %(email)s.") % {"email": waiting.email})
        return redirect(waiting.then)
    if sent_again and not wait and _is_sent(again, waiting.send):
        messages.success(request, _("We sent another code to %(email)s.") % {"email": waiting.email})
        return redirect("account_email_code")
    if form.has_error("code", "incorrect_code") and not waiting.record_invalid_attempt():
        messages.error(request, _("Too many wrong codes. Enter the address again to get a new code."))
        return redirect("account_email")
    context = {"form": form, "again": again, "email": waiting.email, "then": waiting.then}
    status = 422 if form.errors or again.errors else 200
    return with_retry_after(render_page(request, "messaging/accounts/email_code.html", context, status), wait)


def after_signing_up(request: HttpRequest, form: Any, response: HttpResponse) -> HttpResponse:
    """After a registration: if an e-mail address was entered, mail a code and ask for it first.

    Args:
        form: the `SignUpForm` of the new account.
        response: the redirect to follow after that.
    """
    if not form.to_confirm or not request.user.is_authenticated:
        return response
    try:
        Confirmation.begin(request, form.to_confirm, then=response["Location"])
    except NotDelivered:
        notice = _(
            "No email could be sent to %(email)s. Your account was created without an email address; you "
            "can add one in your settings."
        ) % {"email": form.to_confirm}
        messages.error(request, notice)
        return response
    return redirect("account_email_code")


def _is_sent(form: forms.Form, send: Any) -> bool:
    """Call `send`. If it fails, add an error to the form and return False."""
    try:
        send()
    except NotDelivered:
        form.add_error(None, NOT_SENT)
        return False
    return True
