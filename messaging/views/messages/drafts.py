"""What a person has typed and not sent: saved by the page's script, and the person's list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access.decorators import (
    MemberRequest,
    draft_required,
    member_required,
    message_reader_required,
    sign_in_required,
)
from messaging.forms.messages.drafts import TypedForm
from messaging.http.rate_limits import take_token
from messaging.models import Conversation, Draft, Message
from messaging.models.inbox.sidebar import Sidebar
from messaging.models.messages.drafting import (
    DraftConflict,
    DraftSent,
    Place,
    delete_draft,
    draft_at,
    list_again,
    save_draft,
)
from messaging.views.page_context import page_context
from messaging.views.responses import page_or_list, render_page, too_many_requests, with_retry_after


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@never_cache
def conversation_draft(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """The person's draft of a message to this conversation, as JSON; a POST saves it."""
    return _draft(request, Place(conversation.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@message_reader_required
@never_cache
def message_draft(request: MemberRequest, message: Message) -> HttpResponse:
    """The same, of a reply to this message."""
    return _draft(request, Place(message.conversation_id, message.pk))


@require_safe
@sign_in_required
@never_cache
def draft_list(request: MemberRequest) -> HttpResponse:
    """What the person has typed anywhere and not sent, the latest first."""
    around = page_context(request, here="drafts")
    drafts = list(request.user.draft_texts.select_related("conversation").order_by("-saved_at", "-pk"))
    if {draft.version for draft in drafts} != {version for _place, _reply_to, version in request.user.drafts}:
        list_again(request.user)
    context = {**around, "rows": _rows(around["sidebar"], drafts)}
    return page_or_list(request, "messaging/messages/drafts.html", "messaging/messages/_drafts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_required
@never_cache
def draft_delete(request: MemberRequest, draft: Draft) -> HttpResponse:
    """POST deletes the draft, GET asks for confirmation."""
    if request.method == "POST":
        delete_draft(draft)
        messages.success(request, _("Draft deleted."))
        return redirect("draft_list")
    context = {
        "unsent": draft,
        "heading": _("Delete draft"),
        "question": _("Delete this draft on all your devices?"),
        "back": reverse("draft_list"),
        "list_name": _("Drafts"),
    }
    return render_page(request, "messaging/messages/unsent_delete.html", context)


def _draft(request: MemberRequest, place: Place) -> HttpResponse:
    if request.method != "POST":
        return JsonResponse(_as_json(draft_at(request.user, *place)))
    if wait := take_token("draft", request.user.pk):
        return with_retry_after(JsonResponse({"error": too_many_requests(wait)}), wait)
    form = TypedForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": _("Something was wrong with this page. Load it again.")}, status=400)
    try:
        return JsonResponse({"version": save_draft(request.user, place, form.typed)})
    except ValidationError as refused:
        return JsonResponse({"error": " ".join(refused.messages)}, status=422)
    except DraftConflict as refused:
        return JsonResponse(_as_json(refused.draft), status=refused.status)
    except DraftSent as refused:
        return JsonResponse(_as_json(None), status=refused.status)


def _as_json(draft: Draft | None) -> dict[str, Any]:
    """The draft as JSON; its version is 0 if there is none."""
    if draft is None:
        return {"version": 0, "text": ""}
    return {"version": draft.version, "token": str(draft.token), "text": draft.text}


def _rows(sidebar: Sidebar, drafts: list[Draft]) -> list[dict[str, Any]]:
    """Each draft with the address where it can be sent; "" if the person can no longer write there."""
    wanted = [draft.reply_to for draft in drafts if draft.reply_to]
    found = Message.rows.filter(pk__in=wanted, removed_at=None) if wanted else Message.rows.none()
    parents = {message.pk: message for message in found.only("conversation_id", "thread_root_id")}
    return [{"draft": draft, "address": _address(sidebar, draft, parents)} for draft in drafts]


def _address(sidebar: Sidebar, draft: Draft, parents: dict[int, Message]) -> str:
    if draft.conversation_id not in sidebar.entries and draft.conversation_id not in sidebar.hidden:
        return ""
    if not draft.reply_to:
        return reverse("conversation", args=[draft.conversation_id])
    parent = parents.get(draft.reply_to)
    if parent is None or parent.conversation_id != draft.conversation_id:
        return ""
    return reverse("message_reply" if parent.thread_root_id else "thread", args=[parent.pk])
