"""What a person has read: the page reports it when messages are on screen, or the person marks it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import (
    MemberRequest,
    member_required,
    message_reader_required,
    sign_in_required,
)
from messaging.models import Conversation, Message, Notification
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.inbox.sidebar import SidebarEntry
from messaging.models.messages.notification import NotificationQuerySet
from messaging.models.messages.unread import (
    to_mark_unread,
    unread_ids,
    unread_in_thread,
    unread_threads,
)
from messaging.views.responses import (
    message_url,
    number_in,
    numbers_in,
    page_context,
    page_or_list,
    render_page,
)

SEEN_AT_ONCE = 500
CONVERSATIONS_SHOWN, SHOWN_OF_EACH = 20, 3
ASK_ABOVE = 50  # marking more than this at once as read needs a confirmation
mark_as_read = Message.unread_messages.mark_as_read_for_user
mark_as_unread = Message.unread_messages.mark_as_unread_for_user


@require_POST
@member_required
def conversation_read(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Mark everything up to `until` as read: the newest message when the page was loaded."""
    until = number_in(request.POST, "until")
    mark_as_read(request.user, unread_ids(request.user, conversation, LARGEST_ID if until is None else until))
    if request.htmx.request_type == "partial":
        return _changed(request, conversation)
    return redirect("conversation", conversation.pk)


@require_POST
@member_required
def conversation_seen(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """The page reports what was on screen; 204 if that was known, or was not for this person.

    Also 204 for a page with a stream (`live`), which sends the badges: one query for all readers.
    """
    changes = mark_as_read(request.user, numbers_in(request.POST, "ids", SEEN_AT_ONCE))
    if not changes or "live" in request.POST:
        return HttpResponse(status=204)
    return _changed(request, conversation)


@require_POST
@message_reader_required
def message_unread(request: MemberRequest, message: Message) -> HttpResponse:
    """Mark this message and all later ones as unread. Without JavaScript, redirect to another page, so that
    they are not on screen."""
    found = list(to_mark_unread(request.user, message).values_list("message_id", "message__seq"))
    mark_as_unread(request.user, [pk for pk, _ in found])
    if request.htmx.request_type != "partial":
        return redirect("unread_list")
    context: dict[str, Any] = {"held": min([message.seq, *(seq for _, seq in found)])}
    if message.thread_root_id:
        new = unread_in_thread(request.user, message)
        context |= {"new": new, "first_new": message_url(message), "in_thread": True}
    return _changed(request, message.conversation, context)


@require_safe
@sign_in_required
def unread_list(request: MemberRequest) -> HttpResponse:
    """Everything unread, by conversation: the first few messages of each."""
    until = _newest_notification_id(request)  # before what is listed, so that nothing else is marked as read
    around = page_context(request, here="unread")
    sidebar = around["sidebar"]
    entries = [entry for entry in (*sidebar.rooms, *sidebar.direct_and_groups) if entry.unread]
    page = Paginator(entries, CONVERSATIONS_SHOWN).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "groups": _first_unread(request, list(page.object_list)),
        "page_obj": page,
        "ask_above": ASK_ABOVE,
        "until": until,
    }
    context |= around
    return page_or_list(request, "messaging/inbox/unread.html", "messaging/inbox/_unread.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def all_read(request: MemberRequest) -> HttpResponse:
    """Mark everything, or everything personal, that existed when the page was loaded as read. GET shows the
    confirmation."""
    what = request.GET.get("what") or request.POST.get("what")
    unread = Notification.objects.filter(user=request.user, read_at=None)
    if what == "personal":
        unread = unread.personal()
    if request.method == "POST":
        until = number_in(request.POST, "until")
        if until is None:  # a broken request must not mark everything: the person is asked
            return redirect("all_read")
        rows = unread.filter(pk__lte=until)
        mark_as_read(request.user, rows.values_list("message_id", flat=True))
        return redirect("notification_list" if what == "personal" else "unread_list")
    context = {"count": unread.count(), "what": what, "until": _newest_notification_id(request)}
    return render_page(request, "messaging/inbox/confirm_all_read.html", context)


def _changed(
    request: MemberRequest, conversation: Conversation, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Every part of the open page that shows something unread, as it is now."""
    around = page_context(request, conversation)
    around |= {"conversation": conversation, "threads_unread": unread_threads(request.user, conversation)}
    return render(request, "messaging/inbox/_unread_changed.html", {**around, **(context or {})})


def _newest_notification_id(request: MemberRequest) -> int:
    """The id of the person's newest notification. Later ones are not on the page, so "all" does not include
    them."""
    latest = request.user.notifications.order_by("-pk").values_list("pk", flat=True).first()
    return latest or 0


def _first_unread(
    request: MemberRequest, entries: list[SidebarEntry]
) -> list[tuple[SidebarEntry, list[Notification]]]:
    """The first unread messages of each of these conversations: one query."""
    ids = [entry.conversation.pk for entry in entries]
    unread: NotificationQuerySet = Notification.objects.filter(user=request.user, read_at=None)
    place = Window(RowNumber(), partition_by=F("conversation"), order_by="message")
    first = unread.filter(conversation__in=ids).annotate(place=place).filter(place__lte=SHOWN_OF_EACH)
    found = list(first.select_related("message__sender").order_by("message"))
    return [
        (entry, [row for row in found if row.conversation_id == entry.conversation.pk]) for entry in entries
    ]
