"""The person's notification settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.forms import NotificationsForm
from messaging.models import User
from messaging.views.responses import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_notifications(request: MemberRequest) -> HttpResponse:
    """What counts as unread in new rooms and in the tab's title, and what is mailed. Open pages follow."""
    person = User.objects.get(
        pk=request.user.pk
    )  # a copy: what a refused form leaves in it must not show elsewhere
    form = NotificationsForm(request.POST if request.method == "POST" else None, instance=person)
    if not form.is_valid():
        return render_page(
            request, "messaging/people/preferences.html", {"form": form}, 422 if form.errors else 200
        )
    person.save(update_fields=list(form.fields))
    User.objects.filter(pk=person.pk).raise_version()
    messages.success(request, _("Notification settings saved."))
    return redirect("account_notifications")
