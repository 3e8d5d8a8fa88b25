from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging.access import lookups
from messaging.access.decorators import (
    MemberRequest,
    remover_required,
)
from messaging.access.lookups import NotFound
from messaging.forms import RemovalForm
from messaging.models import Message
from messaging.views.responses import (
    auto_id_for,
    changed_message_response,
    page_or_part,
    render_page,
)


@require_http_methods(["GET", "HEAD", "POST"])
@remover_required
def message_remove(request: MemberRequest, message: Message) -> HttpResponse:
    """Remove one's own message; or, as a moderator, somebody else's, with a reason.

    Removing it again, because the first response was lost, gets the same response.
    """
    if message.is_removed and request.method != "POST":
        raise NotFound
    data = request.POST if request.method == "POST" else None
    is_own = message.sender_id == request.user.pk
    form = None if is_own else RemovalForm(data, auto_id=auto_id_for(request, "removal"))
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            message.remove(by=request.user, reason=form.cleaned_data["reason"] if form else "")
        except ValidationError as error:
            raise NotFound from error
        if request.htmx.request_type == "partial":
            return changed_message_response(request, message, message.thread_root_id or message.pk)
        messages.success(request, _("Message removed."))
        return redirect("message", message.pk)
    context = {"conversation": message.conversation, "message": message, "form": form}
    part, status = "messaging/messages/_remove_form.html", 422 if form and form.errors else 200
    return page_or_part(request, "messaging/messages/remove.html", part, context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@remover_required
def message_text_remove(request: MemberRequest, message: Message, number: int) -> HttpResponse:
    """Remove one earlier text: a password that was sent by mistake stays in the history otherwise."""
    earlier = lookups.earlier_text(message, number)
    if request.method == "POST":
        try:
            message.remove_text(earlier.number, by=request.user)
        except ValidationError as error:
            raise NotFound from error
        messages.success(request, _("Version removed."))
        return redirect("message_history", message.pk)
    context = {"conversation": message.conversation, "message": message, "earlier": earlier}
    return render_page(request, "messaging/messages/remove_text.html", context)
