"""The files of a composer: received with the form, or uploaded before."""

from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.access.decorators import MemberRequest
from messaging.forms import ComposerForm
from messaging.http.rate_limits import take_token
from messaging.models import Attachment
from messaging.models.messages.attachment import MAX_FILES
from messaging.models.messages.uploading import clean_name, upload
from messaging.views.responses import number, too_many_requests


def too_many_files() -> str:
    text = ngettext(
        "A message can have %(number)d file at most. The others were not stored.",
        "A message can have %(number)d files at most. The others were not stored.",
        MAX_FILES,
    )
    return text % {"number": MAX_FILES}


class Refusal(NamedTuple):
    """Why a file was not stored. Without a name it is about all that are missing."""

    words: str
    name: str = ""

    def __str__(self) -> str:
        return _("%(name)s: %(words)s") % self._asdict() if self.name else self.words


def store(
    request: MemberRequest, files: Sequence[UploadedFile]
) -> tuple[list[Attachment], list[Refusal], int]:
    """Store uploaded files, none of which is sent yet. One that is refused does not keep the others back.

    Returns:
        What was stored, what is wrong with the others, and the seconds to wait if there were too many.
    """
    stored: list[Attachment] = []
    errors: list[Refusal] = []
    for file in files[:MAX_FILES]:
        if seconds := take_token("file", request.user.pk):
            return stored, [*errors, Refusal(too_many_requests(seconds))], seconds
        try:
            stored.append(upload(file, request.user))
        except ValidationError as refused:
            errors.append(Refusal(" ".join(refused.messages), clean_name(file.name or "")))
    return stored, errors, 0


def receive(request: MemberRequest, form: ComposerForm) -> int:
    """Store the files that came with a composer, and note those that were uploaded before. Both stay with the
    form if it is shown again.

    Returns:
        The seconds to wait if there were too many.
    """
    posted = [found for value in request.POST.getlist("uploaded") if (found := number(value))]
    ids = list(dict.fromkeys(posted))
    before = list(Attachment.objects.unsent_by(request.user, ids[:MAX_FILES])) if ids else []
    for file in before:
        file.describe(request.POST.get(f"alternative-{file.pk}", file.alternative_text))
    return receive_new(request, form, ids, before)


def receive_new(
    request: MemberRequest, form: ComposerForm, ids: Sequence[int] = (), before: Sequence[Attachment] = ()
) -> int:
    """Store the files that came with a composer, and leave all others as they are.

    Args:
        ids: of the files that were uploaded before, of which `before` are still there.

    Returns:
        The seconds to wait if there were too many.
    """
    files, kept = request.FILES.getlist("files"), list(ids[:MAX_FILES])
    if len(ids) + len(files) > MAX_FILES:
        form.add_error(None, too_many_files())
    stored, errors, wait = store(request, files[: MAX_FILES - len(kept)])
    form.with_files(kept, [*before, *stored])
    for error in errors:
        form.add_error(None, str(error))
    return wait
