"""The people who are offered where somebody types an @ (static/js/completion.js)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from messaging.access.decorators import MemberRequest, member_required, message_reader_required
from messaging.live.present import present
from messaging.models import Conversation, Message
from messaging.models.conversations.permissions import can_add_members
from messaging.models.inbox.mentionable import mentionable
from messaging.models.inbox.mentionable_groups import mentionable_groups
from messaging.rendering.mention_option import option_html
from messaging.views.responses import words_in


@require_safe
@conditional_page
@member_required
def conversation_mentionable(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """The people to mention in a message, as options. `q` is what was typed after the @: with it, only
    people whose name contains it."""
    return _options(request, conversation, None)


@require_safe
@conditional_page
@message_reader_required
def message_mentionable(request: MemberRequest, message: Message) -> HttpResponse:
    """The people to mention in a reply to a message, or in an edit of it."""
    return _options(request, message.conversation, message.thread_root_id or message.pk)


def _options(request: MemberRequest, conversation: Conversation, thread: int | None) -> HttpResponse:
    typed = words_in(request.GET)
    found = mentionable(request.user, conversation, thread, typed)
    options = [option_html(one, conversation.is_room) for one in found.people]
    context: dict[str, Any] = {"conversation": conversation, "options": options, "has_more": found.has_more}
    context["groups"] = mentionable_groups(request.user, conversation, present(), typed)
    context["can_add"] = conversation.allows(can_add_members(request.user))
    return render(request, "messaging/inbox/_mentionable.html", context)
