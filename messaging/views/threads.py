from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from messaging.access import MemberRequest, message_reader_required
from messaging.caching import versioned_cache_page
from messaging.forms import ComposerForm
from messaging.models import Message, ThreadedMessage
from messaging.rendering import INDENT_LEVELS, thread_rows
from messaging.views.answers import number_in, page_or_part

REPLIES_SHOWN = 200


@require_safe
@message_reader_required
def thread(request: MemberRequest, message: Message) -> HttpResponse:
    """The thread under a message, be it a root or a reply: beside the timeline, or on a page of its own."""
    context = {
        "conversation": message.conversation,
        "in_panel": request.htmx.request_type == "partial",
        "form": ComposerForm(auto_id=f"thread-{message.pk}-%s"),
        **_list_context(request, message),
    }
    return page_or_part(request, "messaging/threads/page.html", "messaging/threads/_thread.html", context)


@require_safe
@message_reader_required
@versioned_cache_page
def thread_list(request: MemberRequest, message: Message) -> HttpResponse:
    """The list alone: the same bytes for every member."""
    return render(request, "messaging/threads/_list.html", _list_context(request, message))


def _list_context(request: MemberRequest, message: Message) -> dict[str, Any]:
    """A block of `REPLIES_SHOWN` of the tree: the one that is named, or that holds the message `at`."""
    outline = ThreadedMessage.outline(message)
    nodes = [node for node in outline if node.depth <= INDENT_LEVELS]
    last = (len(nodes) - 1) // REPLIES_SHOWN
    block = number_in(request.GET, "block")
    if block is None:
        at = number_in(request.GET, "at")
        block = next((place for place, node in enumerate(nodes) if node.pk == at), 0) // REPLIES_SHOWN
    block = min(block, last)
    start = block * REPLIES_SHOWN
    return {
        "root": message,
        "thread_root": message.thread_root_id or message.pk,
        "rows": thread_rows(nodes[start : start + REPLIES_SHOWN], request.people_version),
        "reply_count": sum(not node.is_removed for node in outline[1:]),
        "block_number": block,
        "has_later": block < last,
    }
