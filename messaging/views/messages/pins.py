from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from messaging.access.decorators import MemberRequest, member_required, message_reader_required
from messaging.access.lookups import NotFound
from messaging.models import Conversation, Message, User
from messaging.models.messages.pinning import pin, pins_of, unpin
from messaging.views.messages.changing import NotChanged, change
from messaging.views.responses import changed_message_response, message_url, render_page, with_retry_after


@require_safe
@member_required
def conversation_pins(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """What is pinned in the conversation, the last first."""
    return _list(request, conversation)


@require_POST
@message_reader_required
def message_pin(request: MemberRequest, message: Message) -> HttpResponse:
    return _change(request, message, pin)


@require_POST
@message_reader_required
def message_unpin(request: MemberRequest, message: Message) -> HttpResponse:
    """Unpin the message. A form with `list` is on the list of what is pinned, and leads back to it."""
    return _change(request, message, unpin)


def _change(
    request: MemberRequest, message: Message, act: Callable[[Message, User], Message]
) -> HttpResponse:
    if message.is_removed:
        raise NotFound
    try:
        changed = change(request, lambda: act(message, request.user))
    except NotChanged as refused:
        return with_retry_after(_refused(request, message, refused.why), refused.wait)
    if request.htmx.request_type == "partial":
        return changed_message_response(request, changed)
    if "list" in request.POST:
        messages.success(request, _("The message is no longer pinned."))
        return redirect("conversation_pins", message.conversation_id)
    return redirect(message_url(changed))


def _refused(request: MemberRequest, message: Message, why: str) -> HttpResponse:
    """Says why nothing was changed: to htmx in a notice, else on the list of what is pinned."""
    if request.htmx.request_type == "partial":
        return render(request, "messaging/_notice.html", {"text": why}, status=422)
    messages.error(request, why)
    return _list(request, message.conversation, status=422)


def _list(request: MemberRequest, conversation: Conversation, status: int = 200) -> HttpResponse:
    context = {
        "conversation": conversation,
        "pins": list(pins_of(conversation.pk).select_related("sender", "pinned_by")),
        "is_open": conversation.archived_at is None,
    }
    return render_page(request, "messaging/messages/pins.html", context, status)
