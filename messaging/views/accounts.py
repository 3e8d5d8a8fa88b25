from typing import Any

from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access import MemberRequest, sign_in_required
from messaging.forms import EmailForm, ProfileForm
from messaging.models import User
from messaging.views.answers import asked_to_wait, shell, too_fast


@require_safe
def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin's sign-in is everybody's. Who is signed in and sent here has no business in there."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


class SignIn(allauth.LoginView):
    """Allauth's sign-in, which says whether one can make an account."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["password"].help_text = ""  # the page itself says what to do without one
        return form

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        is_open = get_adapter().is_open_for_signup(self.request)
        return super().get_context_data(sign_up_is_open=is_open, **context)


class SignUp(allauth.SignupView):
    """Allauth's sign-up, for two people who want one username at the same moment."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            if not User.objects.filter(username=form.cleaned_data["username"]).exists():
                raise
            form.add_error("username", "This username is taken.")
            return self.form_invalid(form)


def password_reset(request: HttpRequest) -> HttpResponse:
    """Allauth's, where mail can be sent; else whom to ask."""
    if settings.HAS_MAIL_SERVER:
        return allauth.password_reset(request)
    return render(request, "account/password_reset_by_hand.html")


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account(request: MemberRequest) -> HttpResponse:
    """One's settings: how one is seen, and how one sees."""
    if request.method != "POST":
        return shell(request, "account/settings.html", {"form": ProfileForm(user=request.user)})
    form = ProfileForm(request.POST, request.FILES, user=request.user)
    wait = too_fast(request, "picture", form) if "picture" in request.FILES else 0
    if not form.is_valid():
        return asked_to_wait(shell(request, "account/settings.html", {"form": form}, status=422), wait)
    form.save()
    messages.success(request, "Your settings are saved.")
    return redirect("account")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_email(request: MemberRequest) -> HttpResponse:
    """Another address for resets, or none."""
    if request.method == "POST" and (refusal := consume_or_429(request, action="reauthenticate")):
        return refusal
    data = request.POST if request.method == "POST" else None
    form = EmailForm(data, user=request.user, initial={"email": request.user.email})
    if form.is_valid():
        request.user.email = form.cleaned_data["email"]
        request.user.save(update_fields=["email"])
        messages.success(request, "Your e-mail address is saved.")
        return redirect("account")
    return render(request, "account/email.html", {"form": form}, status=422 if form.errors else 200)
