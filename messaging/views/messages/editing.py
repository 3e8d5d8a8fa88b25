from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access.decorators import (
    MemberRequest,
    author_required,
    message_reader_required,
)
from messaging.forms import EditForm
from messaging.models import Message
from messaging.models.messages.conflicts import EditConflict
from messaging.models.messages.permissions import can_edit, can_read_history, can_remove, in_edit_window
from messaging.models.messages.revisions import revisions_of
from messaging.text import word_diff
from messaging.views.messages.group_mentions import answer_in, must_ask
from messaging.views.responses import (
    auto_id_for,
    changed_message_response,
    error_or_404,
    number_in,
    page_or_part,
    rate_limited,
    with_retry_after,
)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def message_edit(request: MemberRequest, message: Message) -> HttpResponse:
    """The edit form; on success the message as it is now. 409 when somebody else's edit came first."""
    ids = auto_id_for(request, f"edit-{message.pk}")
    if request.method != "POST":
        initial = message.text_and_revision()
        number = number_in(request.GET, "restore") or 0
        if earlier := message.history.filter(number=number, removed_at=None).first():
            initial["content"] = earlier.old_content
        late = not in_edit_window(message, request.installation)
        form = EditForm(initial=initial, auto_id=ids).beside_files(bool(message.file_count))
        return _form(request, message, form, late=late)
    form = EditForm(request.POST, auto_id=ids).beside_files(bool(message.file_count))
    wait = rate_limited(request, "edit", form)
    if not form.is_valid():
        return with_retry_after(_form(request, message, form, status=422), wait)
    text, revision = form.cleaned_data["content"], form.cleaned_data["revision"]
    if must_ask(request, form, message.conversation, text, (message.content, message.content_html)):
        return _form(request, message, form, status=422)
    try:
        message.edit(text, request.user, revision, **answer_in(request))
    except EditConflict as conflict:
        theirs = conflict.message.content
        form = EditForm(initial={"content": text, "revision": conflict.revision}, auto_id=ids)
        both = {"theirs": theirs, "changes": word_diff(theirs, text)}
        return _form(request, message, form, status=conflict.status, conflict=both)
    except ValidationError as error:
        form.add_error(None, error_or_404(error))
        return _form(request, message, form, status=422)
    if request.htmx.request_type == "partial":
        return changed_message_response(request, message)
    return redirect("message", message.pk)


@require_safe
@message_reader_required
def message_history(request: MemberRequest, message: Message) -> HttpResponse:
    """Every text of a message, for those who may read them."""
    context: dict[str, Any] = {"conversation": message.conversation, "message": message}
    if can_read_history(message, request.user, request.installation):
        revisions, older = revisions_of(message, number_in(request.GET, "before"))
        context |= {
            "revisions": revisions,
            "older": older,
            "can_remove": can_remove(message, request.user),
            "can_restore": can_edit(message, request.user, request.installation),
        }
    else:
        context["is_closed"] = True
    part = "messaging/messages/_history.html"
    return page_or_part(request, "messaging/messages/history.html", part, context)


def _form(
    request: MemberRequest, message: Message, form: EditForm, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"conversation": message.conversation, "message": message, "form": form}
    part = "messaging/messages/_edit_form.html"
    return page_or_part(request, "messaging/messages/edit.html", part, context, status)
