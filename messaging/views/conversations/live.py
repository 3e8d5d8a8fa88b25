"""What an open page asks for beside its stream."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.access.decorators import MemberRequest, member_required
from messaging.models import Conversation
from messaging.models.messages.header_counts import header_counts
from messaging.models.messages.unread_queries import unread_threads
from messaging.views.conversations.conversation import conversation_context
from messaging.views.page_context import page_context, unread_as_of
from messaging.views.responses import with_references
from messaging.views.retention.announcement import retention_of


@require_safe
@member_required
def conversation_fresh(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """All that changes by itself on a conversation's page, as it is now, with the cursor to go on from.

    For a page that missed more than its stream can bring. The request names the part of the timeline that it
    shows, by the parameters of the page itself (`around`, `before`, `after`).
    """
    context = conversation_context(request, conversation)
    return with_references(request, render(request, "messaging/conversations/_fresh.html", context))


@require_safe
@member_required
@never_cache
def conversation_title(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """What the page calls the conversation, with how many people are in it."""
    context = {
        **page_context(request, conversation),
        "conversation": conversation,
        "counts": header_counts(conversation.pk, request.user.pk),
        "retention": retention_of(request, conversation),
    }
    return render(request, "messaging/conversations/_title_changed.html", context)


@require_safe
@member_required
@never_cache
def conversation_unread_threads(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """How much is new for the person in each thread here."""
    context = {
        "unread_as_of": unread_as_of(request, request.user.version),
        "conversation": conversation,
        "threads_unread": unread_threads(request.user, conversation),
    }
    return render(request, "messaging/conversations/_unread_threads.html", context)
