from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access import MemberRequest, sign_in_required
from messaging.forms import DeleteAccountForm
from messaging.models.belongings import own_messages, what_goes


@require_safe
def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin's sign-in is everybody's. Who is signed in and sent here has no business in there."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_delete(request: MemberRequest) -> HttpResponse:
    """Erase oneself: first what goes, in numbers, and the offer to take it along; then the password."""
    if request.method == "POST" and (refusal := consume_or_429(request, action="reauthenticate")):
        return refusal
    form = DeleteAccountForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        request.user.erase()
        logout(request)
        messages.success(request, "Your account is deleted, with everything that you wrote.")
        response = redirect("account_login")
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
    context = {"form": form, "what_goes": what_goes([request.user.pk])}
    return render(request, "account/delete.html", context, status=422 if form.errors else 200)


@require_safe
@sign_in_required
@never_cache
def account_messages(request: MemberRequest) -> StreamingHttpResponse:
    """Everything that one wrote, as a file of JSON lines."""
    response = StreamingHttpResponse(own_messages(request.user), content_type="application/jsonl")
    response["Content-Disposition"] = f'attachment; filename="{request.user.username}-messages.jsonl"'
    return response
