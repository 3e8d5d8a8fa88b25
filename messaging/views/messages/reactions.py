from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from messaging.access.decorators import MemberRequest, message_reader_required
from messaging.access.lookups import NotFound
from messaging.models import Conversation, CustomEmoji, Message, User
from messaging.models.messages.emoji_choices import chosen_emoji
from messaging.models.messages.reacting import react, unreact
from messaging.models.messages.reaction_summaries import reaction_summaries, used_last
from messaging.rendering.emoji_groups import EmojiButton, buttons, custom_buttons, named
from messaging.rendering.reactions import names, shown
from messaging.text.emoji_choice import TONES, every_emoji, name_in, typed_emoji
from messaging.views.messages.changing import NotChanged, change
from messaging.views.responses import (
    changed_message_response,
    message_url,
    page_or_part,
    render_page,
    with_retry_after,
    words_in,
)

FOUND = 302
# Offered after the emoji that the person used last.
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
    """React with the `emoji`, in the skin tone `tone` if it can have one."""
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
    choice = chosen_emoji(typed_emoji(request.POST.get("content", "")))
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
    try:
        changed = change(request, lambda: act(message, request.user, emoji))
    except NotChanged as refused:
        return with_retry_after(_refused(request, message, refused.why), refused.wait)
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
    of_team = custom_buttons(CustomEmoji.objects.all().in_use().order_by("name").prefetch_related("names"))
    in_use = {one.emoji for one in of_team}
    reactions = [
        {
            "emoji": one.emoji,
            "shown": shown(one),
            "count": len(one.people),
            "names": names(one.people, named=len(one.people)),
            "is_mine": request.user in one.people,
            "is_retired": bool(name_in(one.emoji)) and one.emoji not in in_use,
        }
        for one in sorted(summaries, key=lambda one: one.emoji != first)
    ]
    query = words_in(request.GET)
    return {
        "conversation": message.conversation,
        "message": message,
        "reactions": reactions,
        "query": query,
        "found": named(query, [*of_team, *buttons(every_emoji())]) if query else [],
        "recent": _recent(request.user, of_team),
        "of_team": of_team,
        "tones": TONES,
        "is_open": message.conversation.archived_at is None,
    }


def _recent(user: User, of_team: list[EmojiButton]) -> list[EmojiButton]:
    """What the person used last, and common emoji after it. What is retired is left out."""
    custom = {one.emoji: one for one in of_team}
    used = (one for one in used_last(user) if one in custom or not name_in(one))
    recent = list(dict.fromkeys([*used, *COMMON]))[: len(COMMON)]
    return [custom[one] if one in custom else buttons([one])[0] for one in recent]
