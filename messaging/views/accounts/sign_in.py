from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import base36_to_int
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging.access.referrer import conversation_before
from messaging.models import Installation, User
from messaging.models.db.refusals import Refused
from messaging.models.inbox.landing import remember_conversation
from messaging.text.lists import join_with_or
from messaging.views.accounts.email_address import after_signing_up
from messaging.views.accounts.identity_provider import provider_buttons, redirecting, signing_out_there


@require_safe
def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin has no sign-in page of its own. A signed-in person who is redirected here has no
    access to the admin: 403."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def while_passwords_are_on(view: Callable[..., Any]) -> Callable[..., Any]:
    """Call the view only if people may sign in without an identity provider (`PARLEY_PASSWORDS`)."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **options: Any) -> Any:
        if not settings.TAKES_PASSWORDS:
            names = join_with_or(one.name for one in settings.OIDC_PROVIDERS)
            sentence = _("Here people sign in with %(names)s, and not with a password or a passkey.")
            raise Refused("passwords_off", sentence % {"names": names}, 403)
        return view(request, *args, **options)

    return checked


class SignIn(allauth.LoginView):
    """Allauth's sign-in, with the site's name, the identity providers, and whether visitors can register."""

    @method_decorator(while_passwords_are_on)
    def post(self, *args: Any, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **options)
        return response

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["password"].help_text = ""  # the page itself says what to do without a password
        return form

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        site = Installation.objects.current()
        context |= {"site_name": site.name, "sign_up_is_open": site.sign_up_is_open, **provider_buttons()}
        return super().get_context_data(**context)


class SignOut(allauth.LogoutView):
    """Allauth's sign-out, after which the browser keeps no page, and none of the drafts in its storage.

    The next sign-in leads to the conversation that was open. Who signed in by an identity provider is led to
    its page for signing out, if it has one.
    """

    def post(self, *args: Any, **options: Any) -> HttpResponse:
        pk = conversation_before(self.request)
        if pk and self.request.user.is_authenticated:
            remember_conversation(self.request.user, pk)
        there = signing_out_there(self.request) if self.request.user.is_authenticated else None
        response: HttpResponse = super().post(*args, **options)
        if there:
            response = redirecting(self.request, *there)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class SignUp(allauth.SignupView):
    """Allauth's sign-up, with the site's name, and an error for the second of two who take a username."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context |= provider_buttons()
        return super().get_context_data(site_name=Installation.objects.current().name, **context)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response = super().form_valid(form)
        except IntegrityError:
            if not User.objects.filter(username=form.cleaned_data["username"]).exists():
                raise
            form.add_error("username", _("This username is already taken."))
            return self.form_invalid(form)
        return after_signing_up(self.request, form, response)


class PasswordResetFromKey(allauth.PasswordResetFromKeyView):
    """Allauth's form for a new password. Of several requests with one link, at once or not, one succeeds."""

    def dispatch(self, request: HttpRequest, uidb36: str, key: str, **options: Any) -> HttpResponse:
        """The link is valid until the password changes, so it is checked under the person's lock."""
        with transaction.atomic():
            if request.method == "POST":
                with suppress(ValueError):
                    User.objects.select_for_update().filter(pk=base36_to_int(uidb36)).first()
            response: HttpResponse = super().dispatch(request, uidb36, key, **options)
        return response


def password_reset(request: HttpRequest) -> HttpResponse:
    """Allauth's password reset if there is a mail server; otherwise a page that says whom to ask."""
    if settings.HAS_MAIL_SERVER:
        return allauth.password_reset(request)
    return render(request, "account/password_reset_by_hand.html")
