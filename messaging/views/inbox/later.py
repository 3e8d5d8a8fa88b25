"""Putting off what waits, until a time that the person chooses."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from messaging.access.decorators import MemberRequest, member_required
from messaging.forms import LaterForm
from messaging.models import Conversation
from messaging.models.inbox.later import forget, put_off
from messaging.models.inbox.places import Place
from messaging.views.inbox.done import marked_response, place_in
from messaging.views.inbox.inbox import newest_notification_id, page_query
from messaging.views.responses import number_in, page_or_part
from messaging.views.zones import zone_of_person


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def inbox_later(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Put off what waits in the conversation, or with `thread` in one of its threads, up to the notification
    `until`. GET: the times that can be chosen."""
    fields = request.POST if request.method == "POST" else request.GET
    place = place_in(fields, conversation) or Place(conversation.pk)
    now = timezone.now().astimezone(zone_of_person(request))
    data = fields if request.method == "POST" else None
    form = LaterForm(data, now=now, auto_id=f"later-{place.key}-%s")
    until = number_in(fields, "until")
    if data is not None and form.is_valid() and until is not None:
        marked = put_off(request.user, place, form.cleaned_data["until"], until)
        return marked_response(request, marked, "later")
    context = {
        "conversation": conversation,
        "place": place,
        "form": form,
        "until": newest_notification_id(request) if until is None else until,
        "query": page_query(request.GET),
        "errors_id": f"later-errors-{place.key}",
    }
    page, status = "messaging/inbox/later.html", 422 if form.errors else 200
    if data is None:
        return page_or_part(request, page, "messaging/inbox/_later.html", context)
    response = page_or_part(request, page, "messaging/inbox/_later_errors.html", context, status)
    return reswap(retarget(response, f"#{context['errors_id']}"), "innerHTML")


@require_POST
@member_required
def inbox_forget(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """What was put off there does not come back."""
    if place := place_in(request.POST, conversation):
        forget(request.user, place)
    return marked_response(request, None)
