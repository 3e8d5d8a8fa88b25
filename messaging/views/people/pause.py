"""Pausing notifications, until a time that the person chooses."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.forms import PauseForm
from messaging.models.inbox.missed_mail import gets_mails
from messaging.models.inbox.pausing import pause
from messaging.models.people.quiet_hours import quiet_until
from messaging.views.responses import back_or, rate_limited, render_page, with_retry_after
from messaging.views.zones import zone_of_person


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def account_pause(request: MemberRequest) -> HttpResponse:
    """Pause notifications, or with `end` get them again, which leads back to the page `next`."""
    if request.method == "POST" and "end" in request.POST:
        pause(request.user, None)
        return _ended(request)
    zone = zone_of_person(request)
    form = PauseForm(request.POST if request.method == "POST" else None, now=timezone.now().astimezone(zone))
    wait = rate_limited(request, "status", form)
    if not form.is_valid():
        context = {"form": form, "errors_id": "pause-errors", "gets_mails": gets_mails(request.user)}
        response = render_page(request, "messaging/people/pause.html", context, 422 if form.errors else 200)
        return with_retry_after(response, wait)
    until = form.cleaned_data["until"]
    pause(request.user, until)
    day = date_format(until.astimezone(zone), "WEEKDAY_MONTH_DAY_TIME_FORMAT")
    messages.success(request, _("Notifications are paused until %(day)s.") % {"day": day})
    return redirect("account_pause")


def _ended(request: MemberRequest) -> HttpResponse:
    if quiet_until(request.user, timezone.now()):
        messages.info(request, _("The pause is over. You are in your quiet hours, so it stays silent."))
    else:
        messages.success(request, _("You get notifications again."))
    return back_or(request, "account_pause")
