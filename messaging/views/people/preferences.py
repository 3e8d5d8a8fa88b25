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
from messaging.pushing.vapid import contact
from messaging.views.people.push import push_context
from messaging.views.responses import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_notifications(request: MemberRequest) -> HttpResponse:
    """What counts as unread in new rooms and in the tab's title, and what is mailed. Open pages follow."""
    person = User.objects.get(
        pk=request.user.pk
    )  # a copy: what a refused form leaves in it must not show elsewhere
    data = request.POST if request.method == "POST" else None
    form = NotificationsForm(data, instance=person, has_push=bool(contact()))
    if not form.is_valid():
        context = {"form": form, **push_context(request)}
        return render_page(request, "messaging/people/preferences.html", context, 422 if form.errors else 200)
    person.save(update_fields=list(form.fields))
    User.objects.filter(pk=person.pk).raise_version()
    messages.success(request, _("Notification settings saved."))
    return redirect("account_notifications")
