from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access import MemberRequest
from messaging.forms import DeleteAccountForm
from messaging.models.belongings import own_messages, what_goes


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def account_delete(request: MemberRequest) -> HttpResponse:
    """Erase oneself: first what goes, in numbers, and the offer to take it along; then the password."""
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
@login_required
@never_cache
def account_messages(request: MemberRequest) -> StreamingHttpResponse:
    """Everything that one wrote, as a file of JSON lines."""
    response = StreamingHttpResponse(own_messages(request.user), content_type="application/jsonl")
    response["Content-Disposition"] = f'attachment; filename="{request.user.username}-messages.jsonl"'
    return response
