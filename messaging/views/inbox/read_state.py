"""What a person has read: the page reports it when messages are on screen, or the person marks it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from messaging.access.decorators import (
    MemberRequest,
    member_required,
    message_reader_required,
)
from messaging.models import Conversation, Message
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.messages.unread_queries import (
    to_mark_unread,
    unread_ids,
    unread_in_thread,
    unread_threads,
)
from messaging.views.page_context import page_context
from messaging.views.responses import message_url, number_in, numbers_in

SEEN_AT_ONCE = 500
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

    Also 204 if the page has a stream (`live`): the stream sends the badges, with one query for all readers.
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
        return redirect("inbox")
    context: dict[str, Any] = {"held": min([message.seq, *(seq for _, seq in found)])}
    if message.thread_root_id:
        new = unread_in_thread(request.user, message)
        context |= {"new": new, "first_new": message_url(message), "in_thread": True}
    return _changed(request, message.conversation, context)


def _changed(
    request: MemberRequest, conversation: Conversation, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Every part of the open page that shows something unread, as it is now."""
    around = page_context(request, conversation)
    around |= {"conversation": conversation, "threads_unread": unread_threads(request.user, conversation)}
    return render(request, "messaging/inbox/_unread_changed.html", {**around, **(context or {})})
