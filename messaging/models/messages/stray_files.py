"""Daily work on files: those that were never sent, bytes without a row, and rows without bytes."""

import logging
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from messaging.models.db.tasks import task
from messaging.models.messages import previewing
from messaging.models.messages.attachment import Attachment
from messaging.models.messages.file_deletion import FileToDelete, delete_bytes, delete_bytes_later
from messaging.models.messages.link_preview import LinkPreview
from messaging.models.messages.pdf_pages import prepare_page
from messaging.models.messages.preparing import change_file, mark_lost, prepare_picture
from messaging.models.messages.uploading import FOLDER

logger = logging.getLogger(__name__)

KEPT_UNSENT = timedelta(days=1)
# If more are missing, the folder was probably not restored as a whole.
MOST_LOST = 10


@task()
def delete_unsent_files() -> None:
    """Periodic: delete files that were uploaded more than a day ago and not sent."""
    with transaction.atomic():
        old = Attachment.objects.unsent().filter(uploaded_at__lt=timezone.now() - KEPT_UNSENT)
        # Locked, so that none of them is sent between the look and the deletion.
        ids = list(old.select_for_update().values_list("pk", flat=True))
        Attachment.objects.filter(pk__in=ids).delete()


@task()
def find_stray_files() -> None:
    """Periodic: delete bytes that no row names, mark files whose bytes are gone, and prepare again the
    pictures and pages whose task was given up. If none or too few of the files are there, that is logged and
    nothing else is done."""
    stored = _stored_names()
    if not stored and Attachment.objects.exclude(state=Attachment.State.LOST).exists():
        logger.error(
            "No stored file was found. Is the storage there (PARLEY_VAR, PARLEY_S3_URL)? Nothing is changed."
        )
        return
    known = set(FileToDelete.objects.values_list("name", flat=True))
    rows = Attachment.objects.exclude(state=Attachment.State.LOST)
    lost, total = [], 0
    for file in rows.iterator():
        total += 1
        known.update(file.stored_names)
        if not stored.issuperset(file.stored_names):
            lost.append(file)
    if len(lost) > max(MOST_LOST, total // 10):
        logger.error("%d of %d stored files are missing. Nothing is changed.", len(lost), total)
        return
    for file in lost:
        # The listing is older than the row, if it was uploaded meanwhile.
        if file.has_page and default_storage.exists(file.stored_as):
            if not default_storage.exists(file.thumbnail):
                change_file(file, {"thumbnail": ""}, otherwise=[])  # it is drawn again
        elif not all(map(default_storage.exists, file.stored_names)):
            mark_lost(file)
    _delete_strays(stored - known)
    old = Attachment.objects.filter(uploaded_at__lt=timezone.now() - KEPT_UNSENT)
    for pk in old.filter(state=Attachment.State.WAITING).values_list("pk", flat=True):
        prepare_picture.enqueue(pk)
    for pk in old.without_their_page().values_list("pk", flat=True):
        prepare_page.enqueue(pk)


@task()
def delete_stray_previews() -> None:
    """Periodic: delete the bytes of pictures of link previews that no row names."""
    stored = _stored_names(previewing.FOLDER)
    known = set(FileToDelete.objects.values_list("name", flat=True))
    known.update(LinkPreview.objects.exclude(picture="").values_list("picture", flat=True))
    _delete_strays(stored - known)


def _stored_names(folder: str = FOLDER) -> set[str]:
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return set()
    return {f"{folder}/{name}" for name in names}


def _delete_strays(names: set[str]) -> None:
    """Delete these, unless they are younger than a day: their rows may be about to be written."""
    limit = timezone.now() - KEPT_UNSENT
    old = [name for name in sorted(names) if default_storage.get_modified_time(name) < limit]
    if old:
        with transaction.atomic():
            delete_bytes_later(old)
            delete_bytes.enqueue()
