from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, message_reader_required
from messaging.caching.pages import versioned_cache_page
from messaging.forms import ComposerForm
from messaging.models import Message, ThreadedMessage
from messaging.models.messages.drafting import draft_at
from messaging.models.messages.following import followed_among
from messaging.models.messages.threads import shown_below
from messaging.models.messages.unread_queries import unread_in_thread
from messaging.rendering.folds import fold_long_branches
from messaging.rendering.rows import INDENT_LEVELS, ThreadRow, thread_rows
from messaging.views.page_context import cursor_of, unread_as_of
from messaging.views.responses import number_in, page_or_part

REPLIES_SHOWN = 200


@require_safe
@message_reader_required
def thread(request: MemberRequest, message: Message) -> HttpResponse:
    """The thread under a message, be it a root or a reply: beside the timeline, or on a page of its own."""
    shown = _list_context(request, message)
    new = [pk for pk in unread_in_thread(request.user, message) if pk in shown["below"]]
    fold_long_branches(shown["rows"], keep_open=[*new, number_in(request.GET, "at")])
    form = ComposerForm(auto_id=f"thread-{message.pk}-%s")
    draft = draft_at(request.user, message.conversation_id, message.pk)
    context = {
        "conversation": message.conversation,
        "in_panel": request.htmx.request_type == "partial",
        "form": form.with_placeholder(_("Write a reply")).with_draft(draft),
        "new": new,
        "first_new": _link_to(new[0], shown["rows"]) if new else None,
        "unread_as_of": unread_as_of(request, request.user.version),
        "is_following": bool(followed_among(request.user, [message.thread_root_id or message.pk])),
        **shown,
    }
    return page_or_part(request, "messaging/messages/thread.html", "messaging/messages/_thread.html", context)


@require_safe
@message_reader_required
@versioned_cache_page
def thread_list(request: MemberRequest, message: Message) -> HttpResponse:
    """The list alone: the same bytes for every member."""
    return render(request, "messaging/messages/_thread_list.html", _list_context(request, message))


def _link_to(pk: int, rows: list[ThreadRow]) -> str:
    return f"#t-{pk}" if any(row.pk == pk for row in rows) else reverse("message", args=[pk])


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
    part = nodes[block * REPLIES_SHOWN : (block + 1) * REPLIES_SHOWN]
    return {
        "cursor": cursor_of(request),
        "root": message,
        "thread_root": message.thread_root_id or message.pk,
        "rows": thread_rows(part, request.people_version, shown_below(outline)),
        "below": {node.pk for node in outline[1:]},
        "reply_count": sum(not node.is_removed for node in outline[1:]),
        "block_number": block,
        "has_later": block < last,
    }
