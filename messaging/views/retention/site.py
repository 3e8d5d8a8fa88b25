"""How long messages are kept on the site, for its administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access.decorators import MemberRequest, administrator_required
from messaging.forms import SiteRuleForm
from messaging.models.retention.expired import of_site, own_rules, scopes
from messaging.models.retention.forecast import forecast_at_most
from messaging.models.retention.rules import deletes_more, set_site_rule, withdraw_site_rule
from messaging.models.site.retention import Rule
from messaging.views.responses import render_page
from messaging.views.retention.confirmation import ANNOUNCED, SAVED, by_place, is_confirmed


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def site_retention(request: MemberRequest) -> HttpResponse:
    """The site's rule. Before one is set that deletes more than the one before, a page says how much."""
    stored = of_site()
    rule = stored.rule or Rule()
    form = SiteRuleForm(stored.announced or rule, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "rule": rule, "stored": stored}
        return render_page(request, "messaging/retention/site.html", context, 422 if form.errors else 200)
    if deletes_more(rule, form.rule):
        shown = by_place(forecast_at_most(scopes(form.rule, own_rules())), request.user)
        if not is_confirmed(request, shown["total"]):
            context = {**shown, "form": form, "rule": form.rule, "back": reverse("site_retention")}
            return render_page(request, "messaging/retention/confirm.html", context)
        saved = ANNOUNCED
    else:
        saved = SAVED
    set_site_rule(form.rule, by=request.user)
    messages.success(request, saved)
    return redirect("site_retention")


@require_POST
@administrator_required
def site_retention_withdraw(request: MemberRequest) -> HttpResponse:
    withdraw_site_rule(by=request.user)
    messages.success(request, _("Withdrawn: nothing changes."))
    return redirect("site_retention")
