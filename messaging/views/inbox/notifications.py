from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from messaging.access import lookups
from messaging.access.decorators import MemberRequest, notification_required, sign_in_required
from messaging.models import Notification
from messaging.views.inbox.read_state import ASK_ABOVE, mark_as_read, mark_as_unread
from messaging.views.responses import number_in, page_context, page_or_list

NOTIFICATIONS_SHOWN = 30


@require_safe
@sign_in_required
def notification_list(request: MemberRequest) -> HttpResponse:
    """Mentions, replies and direct messages for the person, the latest first."""
    around = page_context(request, here="notifications")
    rows = request.user.notifications.personal().select_related("message__sender").order_by("-pk")
    if before := number_in(request.GET, "before"):
        rows = rows.filter(pk__lt=before)
    found = list(rows[: NOTIFICATIONS_SHOWN + 1])
    context = {
        **around,
        "notifications": found[:NOTIFICATIONS_SHOWN],
        "older": found[NOTIFICATIONS_SHOWN - 1].pk if len(found) > NOTIFICATIONS_SHOWN else None,
        "is_first": before is None,
        "ask_above": ASK_ABOVE,
        "until": found[0].pk if found else 0,
    }
    part = "messaging/inbox/_notifications.html"
    return page_or_list(request, "messaging/inbox/notifications.html", part, context)


@require_POST
@notification_required
def notification_mark(request: MemberRequest, notification: Notification) -> HttpResponse:
    """Mark one notification as read, or as unread if `unread` is sent."""
    mark = mark_as_unread if request.POST.get("unread") else mark_as_read
    mark(request.user, [notification.message_id])
    if request.htmx.request_type != "partial":
        return redirect("notification_list")
    around = page_context(request, here="notifications")
    # Its message may be removed meanwhile.
    context = {**around, "notification": lookups.notification(request.user, notification.pk)}
    return render(request, "messaging/inbox/_notification_marked.html", context)
