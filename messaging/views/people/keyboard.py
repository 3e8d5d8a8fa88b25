"""The page of the keyboard: which keys there are, and whether single ones do something."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.forms import KeyboardForm
from messaging.models import User
from messaging.views.responses import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_keyboard(request: MemberRequest) -> HttpResponse:
    """The keys, and the form that switches single ones off; for the dialog of the key "?" only the keys."""
    if request.method != "POST" and request.htmx.request_type == "partial":
        response = render(request, "messaging/people/_keys.html")
        patch_vary_headers(response, ["HX-Request-Type"])  # both have the same address
        return response
    person = User.objects.get(pk=request.user.pk)  # a copy, as in `account_notifications`
    form = KeyboardForm(request.POST if request.method == "POST" else None, instance=person)
    if not form.is_valid():
        return render_page(request, "messaging/people/keyboard.html", {"form": form}, 200)
    person.save(update_fields=form.Meta.fields)
    messages.success(request, _("Keyboard settings saved."))
    return redirect("account_keyboard")
