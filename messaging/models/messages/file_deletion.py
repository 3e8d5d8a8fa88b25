"""Deleting the bytes of files: after the rows are gone, and until it has succeeded.

The transaction that deletes a file's row writes its names here. Only what was committed is deleted from the
storage, and nothing is forgotten if that fails or the process ends.
"""

import logging
import time
from typing import ClassVar

from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from messaging.models.db.tasks import task
from messaging.models.messages.attachment import STORED_NAME_LENGTH, Attachment
from messaging.models.messages.link_preview import LinkPreview

logger = logging.getLogger(__name__)
TASK_SECONDS = 8.0


class FileToDelete(models.Model):
    """A file in the storage that no row refers to any more."""

    name = models.CharField(max_length=STORED_NAME_LENGTH)
    since = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["FileToDelete"]] = models.Manager()

    def __str__(self) -> str:
        return f"file to delete {self.pk}"


def delete_bytes_later(names: list[str]) -> None:
    """Record names in the storage whose bytes are to be deleted. To be called in the transaction after which
    no row refers to them."""
    FileToDelete.objects.bulk_create([FileToDelete(name=name) for name in names])


def record_deleted_file(instance: Attachment | LinkPreview, origin: object = None, **kwargs: object) -> None:
    """`post_delete` of the row of a file or a link preview: with a message, a person or a conversation, or
    alone.

    Args:
        origin: the instance or QuerySet whose deletion this belongs to: it enqueues one task.
    """
    if not instance.stored_names:
        return
    delete_bytes_later(instance.stored_names)
    if not getattr(origin, "deletes_bytes", False):
        origin.deletes_bytes = True  # type: ignore[attr-defined]
        delete_bytes.enqueue()


def delete_recorded_bytes(seconds: float) -> bool:
    """Delete the bytes that were recorded, for about this many seconds.

    Two processes may do this at once: deleting a file that is not there is no error.

    Returns:
        Whether something is left, because the time was over or because the storage refused.
    """
    end = time.monotonic() + seconds
    has_failed = False
    for pk, name in FileToDelete.objects.order_by("pk").values_list("pk", "name"):
        if time.monotonic() > end:
            return True
        try:
            default_storage.delete(name)
        except OSError as error:
            has_failed = True
            logger.warning("A file could not be deleted from the storage: %s", type(error).__name__)
        else:
            FileToDelete.objects.filter(pk=pk).delete()
    return has_failed


class BytesLeft(Exception):
    """The storage refused to delete something: the task is tried again later."""


@task()
def delete_bytes() -> None:
    """Delete the recorded bytes. Also periodic, for what was given up.

    Raises:
        BytesLeft: the storage refused.
    """
    started = time.monotonic()
    if delete_recorded_bytes(TASK_SECONDS):
        if time.monotonic() - started < TASK_SECONDS:
            raise BytesLeft
        delete_bytes.enqueue()
