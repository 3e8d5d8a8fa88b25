from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from messaging.access.decorators import MemberRequest, file_required, sign_in_required
from messaging.access.lookups import NotFound
from messaging.http.file_response import file_response
from messaging.models import Attachment
from messaging.text.file_text import text_of, whole_html
from messaging.views.messages.uploads import Refusal, store
from messaging.views.responses import render_page, with_retry_after


@require_safe
@file_required
def file(request: MemberRequest, file: Attachment) -> HttpResponseBase:
    """The bytes of a file, for those who can read its message at this moment."""
    if not file.is_ready:
        raise NotFound
    shown = file.is_shown_by_browsers
    return _response(request, file, file.stored_as, file.content_type, shown)


@require_safe
@file_required
def file_thumbnail(request: MemberRequest, file: Attachment) -> HttpResponseBase:
    """The small picture that messages show."""
    if not file.thumbnail:
        raise NotFound
    return _response(request, file, file.thumbnail, "image/webp", True)


@require_POST
@sign_in_required
def file_upload(request: MemberRequest) -> HttpResponse:
    """Receive files that will be sent with a message: for the script, which uploads each by itself.

    With one that was recorded comes what the recorder knows of it. The response lists what was received, and
    what is wrong.
    """
    files, errors, wait = store(request, request.FILES.getlist("files"))
    if "waveform" in request.POST and len(files) == 1:
        files[0].note_recording(request.POST["waveform"], request.POST.get("seconds", ""))
    if not files and not errors:
        errors = [Refusal(_("Choose a file."))]
    context: dict[str, Any] = {"files": files, "errors": errors}
    response = render(request, "messaging/messages/_uploaded.html", context, status=422 if errors else 200)
    return with_retry_after(response, wait)


@require_safe
@sign_in_required
def recorder(request: MemberRequest) -> HttpResponse:
    """What a composer shows while a voice message is recorded: the script loads it with the first."""
    return render(request, "messaging/messages/_recorder.html")


@require_safe
@file_required
def file_text(request: MemberRequest, file: Attachment) -> HttpResponse:
    """The whole text of a small file, on a page."""
    if not file.text_lines or not file.message_id:
        raise NotFound
    try:
        with default_storage.open(file.stored_as) as stored:
            text = text_of(stored.read())
    except FileNotFoundError as error:
        raise NotFound from error
    html = SafeString(whole_html(text or "", file.name))  # nosec B703 - as `messaging.text` made it
    return render_page(request, "messaging/messages/file_text.html", {"file": file, "text": html})


def _response(
    request: MemberRequest, file: Attachment, stored_as: str, content_type: str, is_shown: bool
) -> HttpResponseBase:
    try:
        return file_response(request, stored_as, content_type, file.name, is_shown, file.uploaded_at)
    except FileNotFoundError as error:
        raise NotFound from error
