from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import (
    MemberRequest,
    member_required,
    message_reader_required,
    remover_required,
)
from messaging.forms import ComposerForm, RemovalForm
from messaging.models import Conversation, Message
from messaging.rendering import timeline_row
from messaging.views.conversations.conversation import COMPOSER, conversation_page
from messaging.views.responses import (
    asked_to_wait,
    changed,
    ids_in,
    or_gone,
    page_or_part,
    place_of,
    too_fast,
)

USED_ID = "This was sent before with another text. Send it again if you mean it."


@require_POST
@member_required
def message_send(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    form = ComposerForm(request.POST, auto_id=COMPOSER)
    wait = too_fast(request, "send", form)
    message, status = post(form, conversation, request)
    is_partial = request.htmx.request_type == "partial"
    if message and is_partial:
        row = timeline_row(message, request.people_version)
        return render(request, "messaging/messages/_sent.html", {"row": row})
    if message:
        return redirect(f"{reverse('conversation', args=[conversation.pk])}#m-{message.pk}")
    if is_partial:
        response = render(request, "messaging/messages/_composer_fields.html", {"form": form}, status=status)
        return asked_to_wait(response, wait)
    return asked_to_wait(conversation_page(request, conversation, form, status), wait)


@require_http_methods(["GET", "HEAD", "POST"])
@message_reader_required
def message_reply(request: MemberRequest, message: Message) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ComposerForm(data, auto_id=ids_in(request, f"reply-{message.pk}")).invite("Write a reply")
    status, wait = 200, 0
    if request.method == "POST":
        wait = too_fast(request, "send", form)
        reply, status = post(form, message.conversation, request, parent=message)
        if reply and request.htmx.request_type == "partial":
            root = Message.objects.select_related("sender").get(pk=message.thread_root_id or message.pk)
            return changed(request, root, root.pk)
        if reply:
            return redirect(place_of(reply))
    context = {"conversation": message.conversation, "message": message, "form": form}
    part = "messaging/messages/_reply_form.html"
    response = page_or_part(request, "messaging/messages/reply.html", part, context, status)
    return asked_to_wait(response, wait)


@require_safe
@message_reader_required
def message(request: MemberRequest, message: Message) -> HttpResponse:
    """The permalink: leads to the message's place, in the timeline or in its thread."""
    return redirect(place_of(message))


@require_safe
@message_reader_required
def message_menu(request: MemberRequest, message: Message) -> HttpResponse:
    is_open = message.conversation.archived_at is None
    can_edit = is_open and message.author == request.user and message.may_be_edited(request.installation)
    context = {
        "conversation": message.conversation,
        "message": message,
        "can_reply": is_open and not message.is_removed,
        "can_edit": can_edit,
        "can_remove": message.may_be_removed_by(request.user),
        "can_mark_unread": message.notifications_from_here(request.user).exists(),
    }
    return page_or_part(request, "messaging/messages/menu.html", "messaging/messages/_menu.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@remover_required
def message_remove(request: MemberRequest, message: Message) -> HttpResponse:
    """Remove what one wrote; a moderator what others wrote, and says why."""
    data = request.POST if request.method == "POST" else None
    form = None if message.author == request.user else RemovalForm(data, auto_id=ids_in(request, "removal"))
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            message.remove(by=request.user, reason=form.cleaned_data["reason"] if form else "")
        except ValidationError as error:
            raise Http404 from error
        if request.htmx.request_type == "partial":
            return changed(request, message, message.thread_root_id or message.pk)
        return redirect("message", message.pk)
    context = {"conversation": message.conversation, "message": message, "form": form}
    part, status = "messaging/messages/_remove_form.html", 422 if form and form.errors else 200
    return page_or_part(request, "messaging/messages/remove.html", part, context, status)


def post(
    form: ComposerForm, conversation: Conversation, request: MemberRequest, parent: Message | None = None
) -> tuple[Message | None, int]:
    """Send what the form holds.

    Returns:
        The message; or None, and the status of the answer that shows the form again with what is wrong.
    """
    if not form.is_valid():
        return None, 422
    text = form.cleaned_data["content"]
    try:
        return conversation.post(request.user, text, parent, form.cleaned_data["client_id"]), 200
    except Message.ClientIdTaken:
        form.add_error("content", USED_ID)
        form.with_fresh_id()
        return None, 409
    except ValidationError as error:
        form.add_error(None, or_gone(error))
        return None, 422
