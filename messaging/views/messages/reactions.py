from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from messaging.access.decorators import MemberRequest, message_reader_required
from messaging.access.lookups import NotFound
from messaging.http.rate_limits import take_token
from messaging.models import Conversation, Message, User
from messaging.models.messages.reacting import react, unreact
from messaging.models.messages.reaction_summaries import reaction_summaries, used_last
from messaging.rendering.emoji_groups import buttons, emoji_named
from messaging.rendering.reactions import names
from messaging.text.emoji_choice import TONES, typed_choice
from messaging.views.responses import (
    changed_message_response,
    error_or_404,
    message_url,
    page_or_part,
    render_page,
    too_many_requests,
    with_retry_after,
    words_in,
)

FOUND = 302
# Offered to who has not reacted to anything yet, behind what they used.
COMMON = ("👍", "❤️", "😂", "🎉", "👀", "✅", "🙏", "🚀")


@require_safe
@message_reader_required
def message_reactions(request: MemberRequest, message: Message) -> HttpResponse:
    """Who reacted with what, and all emoji to react with; for htmx only these. `emoji` is the one that comes
    first, `q` part of a name of those that are shown."""
    if message.is_removed:
        raise NotFound
    page, part = "messaging/messages/reactions.html", "messaging/messages/_emoji_picker.html"
    return page_or_part(request, page, part, _context(request, message))


@require_POST
@message_reader_required
def message_react(request: MemberRequest, message: Message) -> HttpResponse:
    """React with the `emoji`, if it takes one in the skin tone `tone`."""
    act = partial(react, tone=request.POST.get("tone", ""))
    return _change(request, message, act, request.POST.get("emoji", ""))


@require_POST
@message_reader_required
def message_unreact(request: MemberRequest, message: Message) -> HttpResponse:
    """Take the reaction with the `emoji` back, in whatever skin tone."""
    return _change(request, message, unreact, request.POST.get("emoji", ""))


def react_as_typed(request: MemberRequest, conversation: Conversation) -> HttpResponse | None:
    """Without script: the answer if the text that was sent is a reaction to the newest message of the
    timeline, such as "+:tada:". It says what happened, and how to undo it. None if it is a message."""
    if request.FILES or "uploaded" in request.POST:
        return None  # it is the text beside files
    choice = typed_choice(request.POST.get("content", ""))
    roots = Message.objects.filter(conversation=conversation, parent_message=None, removed_at=None)
    newest = choice and roots.select_related("sender", "conversation").order_by("-seq").first()
    if not choice or not newest or newest.sender is None:
        return None
    response = _change(request, newest, react, choice.emoji)
    if response.status_code == FOUND:
        said = _("You reacted to the message of %(name)s with %(emoji)s. Press that emoji to undo it.")
        messages.success(request, said % {"name": newest.sender.name, "emoji": choice.emoji})
    return response


def _change(
    request: MemberRequest, message: Message, act: Callable[[Message, User, str], Message], emoji: str
) -> HttpResponse:
    if message.is_removed:
        raise NotFound
    if wait := take_token("react", request.user.pk):
        return with_retry_after(_refused(request, message, too_many_requests(wait)), wait)
    try:
        changed = act(message, request.user, emoji)
    except ValidationError as error:
        if getattr(error, "code", None) == "removed":
            raise NotFound from error
        return _refused(request, message, " ".join(error_or_404(error).messages))
    if request.htmx.request_type == "partial":
        return changed_message_response(request, changed)
    return redirect(message_url(changed))


def _refused(request: MemberRequest, message: Message, why: str) -> HttpResponse:
    """Says why nothing was changed: to htmx in a notice, else on the page of the reactions."""
    if request.htmx.request_type == "partial":
        return render(request, "messaging/_notice.html", {"text": why}, status=422)
    messages.error(request, why)
    page = "messaging/messages/reactions.html"
    return render_page(request, page, _context(request, message), status=422)


def _context(request: MemberRequest, message: Message) -> dict[str, Any]:
    first = request.GET.get("emoji")
    summaries = reaction_summaries([message.pk]).get(message.pk, [])
    shown = [
        {
            "emoji": one.emoji,
            "shown": one.shown,
            "count": len(one.people),
            "names": names(one.people, named=len(one.people)),
            "is_mine": request.user in one.people,
        }
        for one in sorted(summaries, key=lambda one: one.emoji != first)
    ]
    recent = list(dict.fromkeys([*used_last(request.user), *COMMON]))[: len(COMMON)]
    query = words_in(request.GET)
    return {
        "conversation": message.conversation,
        "message": message,
        "reactions": shown,
        "query": query,
        "found": buttons(emoji_named(query)) if query else [],
        "recent": buttons(recent),
        "tones": TONES,
        "is_open": message.conversation.archived_at is None,
    }
