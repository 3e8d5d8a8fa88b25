"""How long the messages of a room are kept, for the room's administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access.decorators import MemberRequest, room_administrator_required
from messaging.forms import RoomRuleForm
from messaging.models import Conversation
from messaging.models.retention.expired import Scope, of_site
from messaging.models.retention.forecast import forecast_at_most
from messaging.models.retention.rules import set_room_rule, withdraw_room_rule
from messaging.models.site.retention import Retention, RoomRules, Rule, in_force, retention_from
from messaging.views.responses import render_page
from messaging.views.retention.confirmation import ANNOUNCED, SAVED, by_place, is_confirmed


@require_http_methods(["GET", "HEAD", "POST"])
@room_administrator_required
def room_retention(request: MemberRequest, room: Conversation) -> HttpResponse:
    """The room's own rule. Before one is set that deletes more than the one before, a page says how much."""
    site, stored = of_site(), retention_from(room.retention)
    of_all, now = site.rule or Rule(), in_force(site, stored)
    shown = stored.announced if stored.is_pending else stored.rule
    form = RoomRuleForm(shown, of_all, request.POST if request.method == "POST" else None)
    if of_all.rooms == RoomRules.NONE or not form.is_valid():
        context = {"conversation": room, "form": form, "rule": now, "stored": stored}
        context["may"] = of_all.rooms != RoomRules.NONE
        status = 422 if form.errors or request.method == "POST" else 200
        return render_page(request, "messaging/retention/room.html", context, status)
    rule = in_force(site, Retention(form.own_rule))
    if rule.deletes_more_than(now):
        where = Conversation.objects.filter(pk=room.pk)
        found = by_place(forecast_at_most([Scope(rule, where)]), request.user)
        if not is_confirmed(request, found["total"]):
            back = reverse("room_retention", args=[room.pk])
            context = {**found, "conversation": room, "form": form, "rule": rule, "back": back}
            return render_page(request, "messaging/retention/confirm.html", context)
        saved = ANNOUNCED
    else:
        saved = SAVED
    set_room_rule(room, form.own_rule, by=request.user)
    messages.success(request, saved)
    return redirect("conversation_settings", room.pk)


@require_POST
@room_administrator_required
def room_retention_withdraw(request: MemberRequest, room: Conversation) -> HttpResponse:
    withdraw_room_rule(room, by=request.user)
    messages.success(request, _("Withdrawn: nothing changes."))
    return redirect("room_retention", room.pk)
