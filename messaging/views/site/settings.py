from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access.decorators import MemberRequest, administrator_required, sign_in_required
from messaging.caching.browsers import A_YEAR
from messaging.forms import SettingsForm
from messaging.models import AuditEntry, Installation, PushSetup, User
from messaging.models.messages.block_list import key_of
from messaging.models.people.avatars import delete_avatar
from messaging.models.people.changing_site import changing_site
from messaging.models.people.first_steps import Step, tick
from messaging.pushing.vapid import contact
from messaging.views.pictures import add_limit, form_refused, picture_response, uploaded_files
from messaging.views.responses import render_page

REFUSED_SHOWN = 20  # people whose addresses the mail server refuses


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def site_settings(request: MemberRequest) -> HttpResponse:
    """Settings of the whole site. Each change is written into the audit log."""
    installation = Installation.objects.current()
    if request.method != "POST":
        return _settings_page(request, SettingsForm(instance=installation))
    files, wait = uploaded_files(request)
    form = SettingsForm(request.POST, files, instance=installation)
    before = {name: getattr(installation, name) for name in form.Meta.fields if name in form.fields}
    add_limit(form, wait)
    if not form.is_valid():
        return form_refused(form, _settings_page(request, form, 422), wait)
    _save(form, before, by=request.user)
    if form.cleaned_data["picture"]:
        tick(request.user, Step.PICTURE)
    messages.success(request, _("Site settings saved."))
    return redirect("site_settings")


@require_safe
@sign_in_required
@cache_control(private=True, max_age=A_YEAR, immutable=True)
def site_picture(request: MemberRequest, name: str) -> HttpResponseBase:
    """The team's picture."""
    return picture_response(request, request.installation.picture, name)


def _settings_page(request: MemberRequest, form: SettingsForm, status: int = 200) -> HttpResponse:
    """The form, and what is wrong with mails and push: read anew, as a refused form changes its row."""
    stored = Installation.objects.current()
    push = PushSetup.objects.current()
    context = {
        "form": form,
        "push_failed_at": push.failed_at,
        "push_failure": push.failure,
        "push_has_contact": bool(contact()),
        "push_contact_is_set": bool(settings.PUSH_CONTACT),
        "mail_failed_at": stored.mail_failed_at,
        "mail_failure": stored.mail_failure,
        "refused": User.objects.filter(is_active=True).exclude(email_refused_at=None)[:REFUSED_SHOWN],
    }
    return render_page(request, "messaging/site/settings.html", context, status)


def _save(form: SettingsForm, before: dict[str, Any], by: User) -> None:
    """Save everything in one transaction, with what it was `before` in the audit log."""
    values = {name: form.cleaned_data[name] for name in before}
    changes: dict[str, Any] = {
        name: [before[name], value] for name, value in values.items() if value != before[name]
    }
    for name in ("blocked_words", "blocked_hosts"):  # the log contains no texts
        if name in changes:
            changes[name] = [len(text.splitlines()) for text in changes[name]]
    values["block_key"] = key_of(values["blocked_words"], values["blocked_hosts"])
    picture = form.cleaned_data["picture"]
    with changing_site(by) as row:
        if picture or (row.picture and form.cleaned_data.get("without_picture")):
            delete_avatar(row.picture.name)
            row.set_picture(picture)
            row.save(update_fields=["picture"])
            changes["picture"] = "changed" if picture else "removed"
        Installation.objects.row().update(**values)
        if changes:
            AuditEntry.objects.record(by, AuditEntry.Act.CHANGED_SETTINGS, **changes)
