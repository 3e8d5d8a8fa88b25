from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access.decorators import (
    MemberRequest,
    member_required,
    message_reader_required,
    readable_message_required,
)
from messaging.forms import ComposerForm
from messaging.models import Conversation, LinkPreview, Message
from messaging.models.db.refusals import get_or_gone
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.drafting import draft_at
from messaging.models.messages.permissions import can_edit, can_remove
from messaging.models.messages.saving import post
from messaging.models.messages.unread_queries import to_mark_unread
from messaging.models.people.first_steps import Step, tick
from messaging.rendering.inbox import inbox_row
from messaging.rendering.rows import timeline_row
from messaging.text.commands import text_of
from messaging.text.quoting import quotation
from messaging.text.tasks import has_tasks
from messaging.views.conversations.conversation import COMPOSER, conversation_page
from messaging.views.messages.commands import run_typed
from messaging.views.messages.descriptions import pictures_of
from messaging.views.messages.forwarding import can_reply_in_private
from messaging.views.messages.group_mentions import answer_in, must_ask
from messaging.views.messages.reactions import react_as_typed
from messaging.views.messages.uploads import receive
from messaging.views.responses import (
    auto_id_for,
    changed_message_response,
    error_or_404,
    is_in_inbox,
    message_url,
    page_or_part,
    rate_limited,
    with_references,
    with_retry_after,
)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def message_send(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Send a message to the timeline. GET: the form for a group of the inbox, or the conversation's page."""
    is_in_slot = is_in_inbox(request)
    ids = f"send-{conversation.pk}-%s" if is_in_slot else COMPOSER
    if request.method != "POST":
        if is_in_slot:
            form = ComposerForm(auto_id=ids).with_draft(draft_at(request.user, conversation.pk))
            return _form_in_slot(request, conversation, form)
        return redirect("conversation", conversation.pk)
    is_partial = request.htmx.request_type == "partial"
    if not is_partial and (reacted := react_as_typed(request, conversation)):
        return reacted
    form = ComposerForm(request.POST, auto_id=ids)
    if done := run_typed(request, form, conversation):
        return done
    message, status, wait = _post(form, conversation, request)
    is_in_timeline = message and message.thread_root_id is None and message.conversation_id == conversation.pk
    if message and not is_in_timeline:
        return _sent_elsewhere(request, message)
    if message and is_partial:
        row = timeline_row(message, request.people_version)
        context = {"row": row, "conversation_pk": conversation.pk}
        if is_in_slot:
            context["answer"] = inbox_row(message, request.people_version)
        sent = with_references(request, render(request, "messaging/messages/_sent.html", context))
        return _said_hello(request, sent)
    if message:
        _said_hello(request)
        return redirect(f"{reverse('conversation', args=[conversation.pk])}#m-{message.pk}")
    if is_partial and is_in_slot:
        return with_retry_after(_form_in_slot(request, conversation, form, status), wait)
    if is_partial:
        response = render(request, "messaging/messages/_composer_fields.html", {"form": form}, status=status)
        return with_retry_after(response, wait)
    return with_retry_after(conversation_page(request, conversation, form, status), wait)


@require_http_methods(["GET", "HEAD", "POST"])
@message_reader_required
def message_reply(request: MemberRequest, message: Message) -> HttpResponse:
    """Reply to a message; with `quote` the form begins with its text as a quotation."""
    data = request.POST if request.method == "POST" else None
    form = ComposerForm(data, auto_id=auto_id_for(request, f"reply-{message.pk}")).with_placeholder(
        _("Write a reply")
    )
    if data is None:
        form.with_draft(draft_at(request.user, message.conversation_id, message.pk))
    status, wait = 200, 0
    if "quote" in request.GET and not message.is_removed:
        form.with_text(quotation(message.content))
    if request.method == "POST":
        if done := run_typed(request, form, message.conversation, message):
            return done
        reply, status, wait = _post(form, message.conversation, request, parent=message)
        if reply and reply.parent_message_id != message.pk:
            return _sent_elsewhere(request, reply)
        if reply and request.htmx.request_type == "partial":
            roots = Message.objects.select_related("sender")
            root = get_or_gone(roots, pk=message.thread_root_id or message.pk)
            return _said_hello(request, changed_message_response(request, root, root.pk, answer=reply))
        if reply:
            _said_hello(request)
            return redirect(message_url(reply))
    context = {"conversation": message.conversation, "message": message, "form": form}
    part = "messaging/messages/_reply_form.html"
    response = page_or_part(request, "messaging/messages/reply.html", part, context, status)
    return with_retry_after(response, wait)


@require_safe
@readable_message_required
def message(request: MemberRequest, message: Message) -> HttpResponse:
    """The permalink: leads to the message's place, in the timeline or in its thread. Threads are for members;
    somebody who has not joined the room is led to the thread's root in the timeline."""
    if not request.has_joined and message.thread_root_id:
        message = get_or_gone(Message.objects.all(), pk=message.thread_root_id)
    return redirect(message_url(message))


@require_safe
@message_reader_required
def message_menu(request: MemberRequest, message: Message) -> HttpResponse:
    is_open = message.conversation.archived_at is None
    is_editable = can_edit(message, request.user, request.installation)
    context = {
        "conversation": message.conversation,
        "message": message,
        "can_reply": is_open and not message.is_removed,
        "can_edit": is_editable,
        "can_describe": is_editable and bool(pictures_of(message)),
        "can_remove": can_remove(message, request.user),
        "can_report": not message.is_removed and message.sender_id != request.user.pk,
        "can_reply_in_private": can_reply_in_private(request.user, message),
        "can_mark_unread": to_mark_unread(request.user, message).exists(),
        "can_share_tasks": is_open and message.author == request.user and has_tasks(message.content_html),
        "is_saved": request.user.saved.filter(message=message).exists(),
        "previews": LinkPreview.objects.all().of_messages([message]).get(message.pk, ()),
    }
    return page_or_part(request, "messaging/messages/menu.html", "messaging/messages/_menu.html", context)


def _post(
    form: ComposerForm, conversation: Conversation, request: MemberRequest, parent: Message | None = None
) -> tuple[Message | None, int, int]:
    """Send what the form holds, unless it was sent before.

    Returns:
        The message or None, a status, and the seconds to wait. If there is no message, the answer has this
        status and shows the form again with what is wrong. The seconds are 0 unless they sent too fast.
    """
    # A script's reply may lack the field, as the contract promises; an empty one is a fault of the page.
    form.with_required_id(bool(request.htmx) and (parent is None or "client_id" in request.POST))
    form.full_clean()
    wait = receive(request, form) or rate_limited(request, "send", form)
    try:
        if form.is_valid():
            content, client_id = form.cleaned_data["content"], form.cleaned_data["client_id"]
            if must_ask(request, form, conversation, content):
                return None, 422, 0
            answer, draft = answer_in(request), form.cleaned_data["draft"]
            files = form.file_ids
            sent = post(
                conversation, request.user, content, parent, client_id, files=files, draft=draft, **answer
            )
            return sent, 200, 0
        typed, client_id = text_of(request.POST.get("content", "")), form.cleaned_data.get("client_id")
        if earlier := Message.rows.sent_before(conversation, request.user, typed, parent, client_id):
            return earlier, 200, 0
    except ClientIdTaken as refused:
        form.add_error("content", refused.sentence)
        form.with_fresh_id()
        return None, refused.status, 0
    except ValidationError as error:
        form.add_error(None, error_or_404(error))
    return None, 422, wait


def _form_in_slot(
    request: MemberRequest, conversation: Conversation, form: ComposerForm, status: int = 200
) -> HttpResponse:
    context = {"conversation": conversation, "form": form}
    return render(request, "messaging/messages/_send_form.html", context, status=status)


def _said_hello(request: MemberRequest, response: HttpResponse | None = None) -> HttpResponse:
    """Tick off the person's first message. A response for htmx then shows the steps as they are now."""
    response = response or HttpResponse()
    if tick(request.user, Step.HELLO):
        response.write(render_to_string("messaging/site/_first_steps_changed.html", request=request))
    return response


def _sent_elsewhere(request: MemberRequest, message: Message) -> HttpResponse:
    """The answer for a message that was sent before from another place: this place's list is not its own."""
    if request.htmx.request_type == "partial":
        return changed_message_response(request, message, message.thread_root_id)
    return redirect(message_url(message))
