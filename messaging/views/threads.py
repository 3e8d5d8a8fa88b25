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
    """A page of the tree, in blocks of `REPLIES_SHOWN`: the one that holds the message `at`, or the first."""
    outline = ThreadedMessage.outline(message)
    nodes = [node for node in outline if node.depth <= INDENT_LEVELS]
    at = number_in(request.GET, "at")
    place = next((place for place, node in enumerate(nodes) if node.pk == at), 0)
    start = place - place % REPLIES_SHOWN
    end = start + REPLIES_SHOWN
    return {
        "root": message,
        "rows": thread_rows(nodes[start:end], request.people_version),
        "reply_count": sum(not node.is_removed for node in outline[1:]),
        "earlier": nodes[start - REPLIES_SHOWN].pk if start else None,
        "later": nodes[end].pk if end < len(nodes) else None,
    }
