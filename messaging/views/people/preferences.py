"""The person's notification settings."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.forms import DigestForm, KeywordsForm, NotificationsForm, QuietHoursForm
from messaging.models import User
from messaging.models.inbox.missed_mail import gets_mails, mail_at_once
from messaging.models.messages.keywords import save_keywords
from messaging.pushing.vapid import contact
from messaging.rendering.levels import level_names, level_rows
from messaging.views.people.push import push_context
from messaging.views.responses import render_page
from messaging.views.zones import zone_of_browser


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_notifications(request: MemberRequest) -> HttpResponse:
    """What notifies the person and when, what counts as unread, and what is mailed. Open pages follow."""
    person = User.objects.get(
        pk=request.user.pk
    )  # a copy: what a refused form leaves in it must not show elsewhere
    data = request.POST if request.method == "POST" else None
    form = NotificationsForm(data, instance=person, has_push=bool(contact()))
    zone = zone_of_browser(request)
    quiet = QuietHoursForm(data, user=person, browser_zone=zone)
    keywords = KeywordsForm(data, user=person)
    digest = DigestForm(data, user=person, browser_zone=zone) if settings.HAS_MAIL_SERVER else None
    forms = (form, quiet, keywords, *([digest] if digest else []))
    are_valid = [one.is_valid() for one in forms]  # all are asked, so that each shows its errors
    if not all(are_valid):
        context = {
            "form": form,
            "quiet_form": quiet,
            "keywords_form": keywords,
            "digest_form": digest,
            "gets_mails": gets_mails(request.user),
            "level_names": level_names(),
            "level_rows": level_rows(),
            **push_context(request),
        }
        status = 422 if any(one.errors for one in forms) else 200
        return render_page(request, "messaging/people/preferences.html", context, status)
    person.save(update_fields=[*form.fields, *quiet.write()])
    save_keywords(person, keywords.cleaned_data["keywords"])
    if digest:
        digest.save()
    User.objects.filter(pk=person.pk).raise_version()
    mail_at_once(person)
    messages.success(request, _("Notification settings saved."))
    return redirect("account_notifications")
