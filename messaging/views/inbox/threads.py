from django.http import HttpResponse
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.inbox.threads import threads_of
from messaging.views.responses import number_in, page_context, page_or_list


@require_safe
@sign_in_required
def thread_inbox(request: MemberRequest) -> HttpResponse:
    """The person's threads, the latest first; with `show=all` also those without unread replies."""
    everything = request.GET.get("show") == "all"
    around = page_context(request, here="threads")
    page = threads_of(request.user, unread_only=not everything, before=number_in(request.GET, "before"))
    context = {**around, "page": page, "everything": everything}
    return page_or_list(request, "messaging/inbox/threads.html", "messaging/inbox/_threads.html", context)
