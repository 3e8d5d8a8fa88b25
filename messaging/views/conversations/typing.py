from django.http import HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from messaging.access.decorators import MemberRequest, member_required
from messaging.live import wakeups
from messaging.models import Conversation
from messaging.views.responses import number_in


@require_POST
@member_required
def conversation_typing(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Somebody is typing, here or in the thread `thread`, or has `stopped`. Open pages show it; it is not
    stored."""
    thread = number_in(request.POST, "thread")
    if thread is None and request.POST.get("thread"):
        return HttpResponseBadRequest(_("There is no such thread."))
    wakeups.send(
        wakeups.Wakeup(typing=(conversation.pk, thread, request.user.pk, "stopped" not in request.POST))
    )
    return HttpResponse(status=204)
