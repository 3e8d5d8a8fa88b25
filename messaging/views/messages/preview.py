"""How a message will look, while it is being written (static/js/writing-preview.js). Nothing is stored."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from messaging.access.decorators import MemberRequest, member_required, message_reader_required
from messaging.forms import ComposerForm
from messaging.models import Conversation, CustomEmoji, Message
from messaging.models.messages.group_mentions import group_mentions_in
from messaging.models.messages.mentions import members_named_in
from messaging.models.messages.room_names import rooms_named_in
from messaging.rendering.message_html import prose_html
from messaging.text import many_mentioned_in
from messaging.text import render as html_of
from messaging.views.responses import rate_limited, with_retry_after


@require_POST
@member_required
def conversation_preview(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """The HTML of a text that is written in this conversation; 422 with what is wrong with it."""
    return _preview(request, conversation)


@require_POST
@message_reader_required
def message_preview(request: MemberRequest, message: Message) -> HttpResponse:
    """The same, for a reply to the message, or with `revision` for an edit of it."""
    shown_before = message.content_html if "revision" in request.POST else ""
    return _preview(request, message.conversation, shown_before)


def _preview(request: MemberRequest, conversation: Conversation, shown_before: str = "") -> HttpResponse:
    form = ComposerForm(request.POST)
    wait = rate_limited(request, "preview", form)
    if not form.is_valid():
        response = render(request, "messaging/messages/_preview.html", {"form": form}, status=422)
        return with_retry_after(response, wait)
    content = form.cleaned_data["content"]
    emoji = CustomEmoji.objects.all().pictures_for(content, shown_before)
    rooms = rooms_named_in(content, shown_before)
    people = members_named_in(content, conversation.pk, rooms)
    before = many_mentioned_in(shown_before)
    many = group_mentions_in(content, conversation, people, before, rooms, request.user)
    html = prose_html(html_of(content, people, emoji, many, rooms))
    return render(request, "messaging/messages/_preview.html", {"content_html": html})
