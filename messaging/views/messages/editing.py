from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access.decorators import (
    MemberRequest,
    author_required,
    message_reader_required,
    remover_required,
    small,
)
from messaging.forms import EditForm
from messaging.models import Installation, Message, MessageHistory
from messaging.models.messages.revisions import revisions_of
from messaging.text import word_diff
from messaging.views.responses import (
    asked_to_wait,
    changed,
    ids_in,
    number_in,
    or_gone,
    page_or_part,
    shell,
    too_fast,
)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def message_edit(request: MemberRequest, message: Message) -> HttpResponse:
    """The edit form; on success the message as it is now. 409 when somebody else's edit came first."""
    ids = ids_in(request, f"edit-{message.pk}")
    if request.method != "POST":
        initial = message.text_and_revision()
        number = number_in(request.GET, "restore") or 0
        if earlier := message.history.filter(number=number, removed_at=None).first():
            initial["content"] = earlier.old_content
        late = not message.may_be_edited(request.installation)
        return _form(request, message, EditForm(initial=initial, auto_id=ids), late=late)
    form = EditForm(request.POST, auto_id=ids)
    wait = too_fast(request, "edit", form)
    if not form.is_valid():
        return asked_to_wait(_form(request, message, form, status=422), wait)
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
    """Every text of a message; where the site says so, for its author and the moderators alone."""
    context: dict[str, Any] = {"conversation": message.conversation, "message": message}
    can_remove = message.may_be_removed_by(request.user)
    if can_remove or request.installation.history_readers == Installation.HistoryReaders.MEMBERS:
        revisions, older = revisions_of(message, number_in(request.GET, "before"))
        mine = message.author == request.user and message.conversation.archived_at is None
        context |= {
            "revisions": revisions,
            "older": older,
            "can_remove": can_remove,
            "can_restore": mine and message.may_be_edited(request.installation),
        }
    else:
        context["is_closed"] = True
    part = "messaging/messages/_history.html"
    return page_or_part(request, "messaging/messages/history.html", part, context)


@require_http_methods(["GET", "HEAD", "POST"])
@remover_required
def message_text_remove(request: MemberRequest, message: Message, number: int) -> HttpResponse:
    """Remove one earlier text: a password that was sent by mistake stays in the history otherwise."""
    earlier = get_object_or_404(message.history, number=small(number), removed_at=None)
    if request.method == "POST":
        try:
            message.remove_text(earlier.number, by=request.user)
        except (ValidationError, MessageHistory.DoesNotExist) as error:
            raise Http404 from error
        messages.success(request, "That text is gone. The history says that it was removed.")
        return redirect("message_history", message.pk)
    context = {"conversation": message.conversation, "message": message, "earlier": earlier}
    return shell(request, "messaging/messages/remove_text.html", context)


def _form(
    request: MemberRequest, message: Message, form: EditForm, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"conversation": message.conversation, "message": message, "form": form}
    part = "messaging/messages/_edit_form.html"
    return page_or_part(request, "messaging/messages/edit.html", part, context, status)
