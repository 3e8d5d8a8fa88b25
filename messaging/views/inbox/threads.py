from django.http import HttpResponse
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.inbox.threads import threads_of
from messaging.views.responses import number_in, render_page


@require_safe
@sign_in_required
def thread_inbox(request: MemberRequest) -> HttpResponse:
    """The person's threads, the latest first; with `show=all` also those without unread replies."""
    everything = request.GET.get("show") == "all"
    page = threads_of(request.user, unread_only=not everything, before=number_in(request.GET, "before"))
    context = {"here": "threads", "page": page, "everything": everything}
    return render_page(request, "messaging/inbox/threads.html", context)
