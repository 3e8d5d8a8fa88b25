from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from messaging.access.decorators import MemberRequest, preview_picture_required, preview_remover_required
from messaging.access.lookups import NotFound
from messaging.http.file_response import file_response
from messaging.models import LinkPreview
from messaging.models.messages.previewing import remove_preview
from messaging.views.responses import changed_message_response, message_url, render_page


@require_safe
@preview_picture_required
def preview_picture(request: MemberRequest, preview: LinkPreview) -> HttpResponseBase:
    """The small picture of a page, for those who can read the message that links to it at this moment."""
    try:
        return file_response(
            request, preview.picture, "image/webp", "picture.webp", is_shown=True, since=preview.tried_at
        )
    except FileNotFoundError as error:
        raise NotFound from error


@require_http_methods(["GET", "HEAD", "POST"])
@preview_remover_required
def preview_remove(request: MemberRequest, preview: LinkPreview) -> HttpResponse:
    """Remove a link preview. GET: the question before it, for pages without script.

    Removing it again, because the first response was lost, gets the same response.
    """
    if request.method == "POST":
        try:
            message = remove_preview(preview, by=request.user)
        except ValidationError as error:
            raise NotFound from error
        if request.htmx.request_type == "partial":
            return changed_message_response(request, message)
        messages.success(request, _("Link preview removed."))
        return redirect(message_url(message))
    if not preview.url:
        raise NotFound
    context = {"conversation": preview.message.conversation, "message": preview.message, "preview": preview}
    return render_page(request, "messaging/messages/link_preview_remove.html", context)
