"""Deleting one's own account: before it, a page lists what will be deleted; after it, a receipt what was."""

from typing import Any
from uuid import UUID

from allauth.mfa.webauthn.internal.auth import begin_authentication, get_credentials
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access import lookups
from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.auth.recent_sign_in import recently_authenticated_without_password
from messaging.forms import PasswordAgainForm
from messaging.forms.accounts.passkeys import ReauthenticatePasskeyForm
from messaging.models import AccountDeletion, Installation
from messaging.models.accounts.deletion import AT_ONCE_SECONDS
from messaging.models.accounts.personal_data import what_is_deleted, what_is_kept, without_zeros
from messaging.models.accounts.personal_export import personal_export
from messaging.models.db.refusals import Refused
from messaging.views.responses import render_page

LOOK_AGAIN_SECONDS = 2


@sensitive_post_parameters("password", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_delete(request: MemberRequest) -> HttpResponse:
    """Delete one's own account. GET shows how much will be deleted and offers an export; POST needs the
    password or a passkey; of somebody without a password a recent sign-in."""
    by_passkey = "credential" in request.POST
    data = request.POST if request.method == "POST" and not by_passkey else None
    form = PasswordAgainForm(
        data, user=request.user, recently_authenticated=recently_authenticated_without_password(request)
    )
    passkey = ReauthenticatePasskeyForm(request.POST if by_passkey else None, user=request.user)
    asked: Any = passkey if by_passkey else form
    if request.method == "POST" and asked.is_valid():
        try:
            deletion = AccountDeletion.objects.start(request.user)
        except Refused as refused:
            asked.add_error(None, refused.sentence)
        else:
            return _deleted(request, deletion)
    me = request.user
    goes, stays = without_zeros(what_is_deleted([me.pk])), without_zeros(what_is_kept(me))
    context = {"form": form, "passkey": passkey, "what_is_deleted": goes, "what_is_kept": stays}
    context["backup_days"] = request.installation.backup_days
    if get_credentials(request.user):
        context["js_data"] = {"request_options": begin_authentication(request.user)}
    return render_page(request, "messaging/accounts/delete.html", context, 422 if asked.errors else 200)


def _deleted(request: MemberRequest, deletion: AccountDeletion) -> HttpResponse:
    logout(request)
    deletion.run_for(AT_ONCE_SECONDS)
    response = redirect("account_deleted", deletion.pk)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
@never_cache
def account_deleted(request: HttpRequest, code: UUID) -> HttpResponse:
    """The receipt of a deleted account. Anybody who has its URL can open it, because the person can no longer
    sign in."""
    found = lookups.receipt(code)
    context = {"deletion": found, "backup_days": Installation.objects.current().backup_days}
    response = render(request, "messaging/accounts/deletion.html", context)
    if not found.is_done:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


@require_safe
@sign_in_required
@never_cache
def account_export(request: MemberRequest) -> StreamingHttpResponse:
    """The person's own data, as a zip file."""
    response = StreamingHttpResponse(personal_export(request.user), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{request.user.username}-parley.zip"'
    return response
