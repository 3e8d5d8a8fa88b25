from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access import MemberRequest, author_required, message_reader_required
from messaging.forms import EditForm
from messaging.models import Message
from messaging.models.revisions import revisions_of
from messaging.text import word_diff
from messaging.views.answers import changed, ids_in, number_in, or_gone, page_or_part


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def message_edit(request: MemberRequest, message: Message) -> HttpResponse:
    """The edit form; on success the message as it is now. 409 when somebody else's edit came first."""
    ids = ids_in(request, f"edit-{message.pk}")
    if request.method != "POST":
        return _form(request, message, EditForm(initial=message.text_and_revision(), auto_id=ids))
    form = EditForm(request.POST, auto_id=ids)
    if not form.is_valid():
        return _form(request, message, form, status=422)
    text, revision = form.cleaned_data["content"], form.cleaned_data["revision"]
    try:
        message.edit(text, by=request.user, revision=revision)
    except Message.EditConflict as conflict:
        theirs = conflict.args[0]
        form = EditForm(initial={"content": text, "revision": theirs.texts}, auto_id=ids)
        both = {"theirs": theirs.content, "changes": word_diff(theirs.content, text)}
        return _form(request, message, form, status=409, conflict=both)
    except ValidationError as error:
        form.add_error(None, or_gone(error))
        return _form(request, message, form, status=422)
    if request.htmx.request_type == "partial":
        return changed(request, message)
    return redirect("message", message.pk)


@require_safe
@message_reader_required
def message_history(request: MemberRequest, message: Message) -> HttpResponse:
    revisions, older = revisions_of(message, number_in(request.GET, "before"))
    context = {
        "conversation": message.conversation,
        "message": message,
        "revisions": revisions,
        "older": older,
    }
    part = "messaging/messages/_history.html"
    return page_or_part(request, "messaging/messages/history.html", part, context)


def _form(
    request: MemberRequest, message: Message, form: EditForm, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"conversation": message.conversation, "message": message, "form": form}
    part = "messaging/messages/_edit_form.html"
    return page_or_part(request, "messaging/messages/edit.html", part, context, status)
