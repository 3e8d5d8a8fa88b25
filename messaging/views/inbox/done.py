"""Being done with what waits: with a group, or with everything; and undoing that."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from messaging.access.decorators import MemberRequest, member_required, sign_in_required
from messaging.models import Conversation
from messaging.models.inbox.done import Marked, finish, mark, undo, unread_in
from messaging.models.inbox.places import Place
from messaging.views.inbox.inbox import inbox_response, newest_notification_id, page_query
from messaging.views.responses import number_in, render_page


@require_POST
@member_required
def inbox_done(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Mark what waits in the conversation, or with `thread` in one of its threads, as read, up to the
    notification `until`. The query of the address says which part of the inbox is open."""
    until, place = number_in(request.POST, "until"), place_in(request.POST, conversation)
    return marked_response(request, finish(request.user, place, until) if until and place else None)


@require_POST
@sign_in_required
def inbox_undo(request: MemberRequest) -> HttpResponse:
    """Undo "Done": mark as unread again what was marked as read at one moment (`undo`), except in archived
    rooms and from blocked people."""
    moment, first = number_in(request.POST, "undo"), number_in(request.POST, "first")
    if moment and first:
        undo(request.user, moment, first)
    return marked_response(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def all_read(request: MemberRequest) -> HttpResponse:
    """Mark everything, or what a filter shows (`what`), that existed when the page was loaded as read. GET
    shows the confirmation."""
    what = request.GET.get("what") or request.POST.get("what") or ""
    unread = unread_in(request.user, what)
    if request.method == "POST":
        until = number_in(request.POST, "until")
        if until is None:  # a broken request must not mark everything: the person is asked
            return redirect("all_read")
        return marked_response(request, mark(request.user, unread.filter(pk__lte=until)))
    context = {"count": unread.count(), "what": what, "until": newest_notification_id(request)}
    return render_page(request, "messaging/inbox/confirm_all_read.html", context)


def place_in(fields: QueryDict, conversation: Conversation) -> Place | None:
    """The thread of the conversation that a form names, or else its timeline; None if the form is broken."""
    if "thread" not in fields:
        return Place(conversation.pk)
    thread = number_in(fields, "thread")
    return Place(conversation.pk, thread) if thread else None


def marked_response(request: MemberRequest, marked: Marked | None, what: str = "done") -> HttpResponse:
    """The inbox as it is now, with what undoes the change.

    Args:
        what: "done" or "later".
    """
    note = {"undo": marked.moment, "first": marked.first, what: marked.count} if marked else {}
    if request.htmx.request_type == "partial":
        return inbox_response(request, **note)
    query = [page_query(request.GET), urlencode(note)]
    return redirect("?".join(filter(None, [reverse("inbox"), "&".join(filter(None, query))])))
