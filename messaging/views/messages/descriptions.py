from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from messaging.access.decorators import MemberRequest, author_required
from messaging.access.lookups import NotFound
from messaging.forms import DescriptionsForm
from messaging.models import Attachment, Message
from messaging.models.messages.describing import describe_pictures
from messaging.models.messages.permissions import can_edit
from messaging.views.responses import (
    error_or_404,
    message_url,
    rate_limited,
    render_page,
    with_retry_after,
)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def message_descriptions(request: MemberRequest, message: Message) -> HttpResponse:
    """What the pictures of the message show, for those who cannot see them."""
    pictures = pictures_of(message)
    if not pictures:
        raise NotFound
    if request.method != "POST":
        if not can_edit(message, request.user, request.installation):
            raise NotFound
        return _page(request, message, DescriptionsForm(pictures))
    form = DescriptionsForm(pictures, request.POST)
    wait = rate_limited(request, "edit", form)
    if form.is_valid():
        try:
            return redirect(message_url(describe_pictures(message, request.user, form.texts)))
        except ValidationError as error:
            form.add_error(None, error_or_404(error))
    return with_retry_after(_page(request, message, form, status=422), wait)


def pictures_of(message: Message) -> list[Attachment]:
    """The pictures of a message that are, or will be, shown."""
    files = Attachment.objects.all().of_messages([message]).get(message.pk, [])
    return [file for file in files if file.is_picture and not file.is_lost]


def _page(
    request: MemberRequest, message: Message, form: DescriptionsForm, status: int = 200
) -> HttpResponse:
    context = {"conversation": message.conversation, "message": message, "form": form}
    return render_page(request, "messaging/messages/descriptions.html", context, status)
