"""Ticking the tasks of a message, and the page on which that is done without script."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from messaging.access.decorators import MemberRequest, message_reader_required
from messaging.access.lookups import NotFound
from messaging.models import Message
from messaging.models.messages.ticking import let_all_tick, may_tick, tick, untick
from messaging.models.messages.ticks import ticks_of
from messaging.rendering.tasks import state_text
from messaging.text.excerpts import excerpt_of
from messaging.text.tasks import tasks_in
from messaging.views.messages.changing import NotChanged, change
from messaging.views.responses import changed_message_response, render_page, with_retry_after

LONGEST_LINE = 280  # characters of a task on the page


@require_safe
@message_reader_required
def message_tasks(request: MemberRequest, message: Message) -> HttpResponse:
    """The tasks of a message, who ticked them, and forms to tick."""
    return render_page(request, "messaging/messages/tasks.html", _context(request, message))


@require_POST
@message_reader_required
def message_tick(request: MemberRequest, message: Message) -> HttpResponse:
    """Mark the `task` as done."""
    return _change(request, message, lambda: tick(message, request.user, request.POST.get("task", "")))


@require_POST
@message_reader_required
def message_untick(request: MemberRequest, message: Message) -> HttpResponse:
    """Mark the `task` as not done."""
    return _change(request, message, lambda: untick(message, request.user, request.POST.get("task", "")))


@require_POST
@message_reader_required
def tasks_for_all(request: MemberRequest, message: Message) -> HttpResponse:
    """Let everybody who may write there tick. For the author."""
    return _change(request, message, lambda: let_all_tick(message, request.user, all_may=True))


@require_POST
@message_reader_required
def tasks_for_author(request: MemberRequest, message: Message) -> HttpResponse:
    """Let the author alone tick. For the author."""
    return _change(request, message, lambda: let_all_tick(message, request.user, all_may=False))


def _change(request: MemberRequest, message: Message, act: Callable[[], Message]) -> HttpResponse:
    _check_tasks(message)
    try:
        changed = change(request, act)
    except NotChanged as refused:
        try:
            message.refresh_from_db()
        except Message.DoesNotExist:
            raise NotFound from refused
        return with_retry_after(_refused(request, message, refused.why), refused.wait)
    if request.htmx.request_type == "partial":
        return changed_message_response(request, changed)
    return redirect("message_tasks", message.pk)


def _refused(request: MemberRequest, message: Message, why: str) -> HttpResponse:
    """Says why nothing was changed: to htmx in a notice, else on the page of the tasks."""
    if request.htmx.request_type == "partial":
        return render(request, "messaging/_notice.html", {"text": why}, status=422)
    context = {**_context(request, message), "refused": why}
    return render_page(request, "messaging/messages/tasks.html", context, status=422)


def _check_tasks(message: Message) -> None:
    """Raises NotFound: the message was removed, or has no tasks."""
    if message.is_removed or not tasks_in(message.content_html):
        raise NotFound


def _context(request: MemberRequest, message: Message) -> dict[str, Any]:
    """Raises NotFound: as `_check_tasks`."""
    _check_tasks(message)
    ticks = {tick.item: tick for tick in ticks_of([message]).get(message.pk, ())}
    is_open = message.conversation.archived_at is None
    return {
        "conversation": message.conversation,
        "message": message,
        "tasks": [
            {
                "key": task.key,
                "text": excerpt_of(task.html, LONGEST_LINE),
                "is_done": task.is_done,
                "state": state_text(task.is_done),
                "tick": ticks.get(task.place),
            }
            for task in tasks_in(message.content_html)
        ],
        "can_tick": is_open and may_tick(message, request.user),
        "can_share": is_open and message.author == request.user,
        "is_open": is_open,
    }
