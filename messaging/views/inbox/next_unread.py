from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.models.inbox import next_unread as inbox
from messaging.models.inbox.places import Place
from messaging.models.inbox.sidebar import sidebar_of
from messaging.views.responses import message_url, number_in


@require_safe
@sign_in_required
@never_cache
def next_unread(request: MemberRequest) -> HttpResponse:
    """Leads to the next place where something is unread; if there is none, to the inbox, which says so.

    `from` is the id of the conversation where the person is, `thread` that of the root of the thread there;
    with `only=threads` the place is a thread.
    """
    conversation, thread = number_in(request.GET, "from"), number_in(request.GET, "thread")
    here = Place(conversation, thread) if conversation else None
    found = inbox.next_unread(sidebar_of(request.user), here, request.GET.get("only") == "threads")
    return redirect(message_url(found) if found else "inbox")
