from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, administrator_required
from messaging.forms import SettingsForm
from messaging.models import AuditEntry, Installation
from messaging.views.responses import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def site_settings(request: MemberRequest) -> HttpResponse:
    """Settings of the whole site. Each change is written into the audit log."""
    installation = Installation.objects.current()
    before = {name: getattr(installation, name) for name in SettingsForm.Meta.fields}
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=installation)
    if form.is_valid():
        changes: dict[str, Any] = {
            name: [before[name], form.cleaned_data[name]] for name in form.changed_data if name in before
        }
        with transaction.atomic():
            Installation.objects.filter(pk=installation.pk).update(**form.cleaned_data)
            if changes:
                AuditEntry.objects.record(request.user, AuditEntry.Act.CHANGED_SETTINGS, **changes)
        messages.success(request, _("Site settings saved."))
        return redirect("site_settings")
    status = 422 if form.errors else 200
    return render_page(request, "messaging/site/settings.html", {"form": form}, status=status)
