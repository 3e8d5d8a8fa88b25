"""Preparing a picture: a task in which another process writes it again without its metadata, and a small one
beside it. Until then nobody gets its bytes, and messages keep its place free."""

import struct
import subprocess  # nosec B404 - one fixed program of our own
import sys
from pathlib import Path
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from messaging.models.db.refusals import Gone
from messaging.models.db.tasks import task
from messaging.models.messages import picture_decoder
from messaging.models.messages.attachment import Attachment
from messaging.models.messages.file_deletion import delete_bytes, delete_bytes_later
from messaging.models.messages.message import Message

PROGRAM: Final = Path(picture_decoder.__file__)
DECODE_SECONDS: Final = 10  # of the clock, also on a busy machine; the program itself limits its CPU time


@task()
def prepare_picture(pk: int) -> None:
    """Clean a picture that was uploaded. One that cannot be decoded is lost, and its bytes are deleted."""
    file = Attachment.objects.filter(pk=pk, state=Attachment.State.WAITING).first()
    if file is None:
        return
    decoded = _decoded(file)
    if decoded is None:
        mark_lost(file)
        return
    width, height, full, small = decoded
    # A new name each: a run that was interrupted leaves bytes that the daily work finds.
    stored_as = default_storage.save(f"{file.stored_as}-full", ContentFile(full))
    thumbnail = default_storage.save(f"{file.stored_as}-small", ContentFile(small))
    changes: dict[str, object] = {
        "state": Attachment.State.READY,
        "stored_as": stored_as,
        "thumbnail": thumbnail,
        "size": len(full),
        "width": width,
        "height": height,
    }
    change_file(file, changes, otherwise=[stored_as, thumbnail])


def mark_lost(file: Attachment) -> None:
    """Say in its message that a file is lost, and delete what is left of it."""
    change_file(file, {"state": Attachment.State.LOST, "stored_as": "", "thumbnail": ""}, otherwise=[])


def _decoded(file: Attachment) -> tuple[int, int, bytes, bytes] | None:
    """Width, height, the cleaned picture and the small one; None if it cannot be read."""
    try:
        with default_storage.open(file.stored_as) as stored:
            data = stored.read()
        # -I: nothing of the environment or the working directory is imported.
        done = subprocess.run(  # noqa: S603  # nosec B603 - no part of it comes from a request
            [sys.executable, "-I", str(PROGRAM)],
            env={},  # the keys of Parley are none of its business
            input=data,
            capture_output=True,
            timeout=DECODE_SECONDS,
            check=True,
        )
    except (FileNotFoundError, subprocess.SubprocessError):
        return None
    at = struct.calcsize(picture_decoder.HEADER)
    width, height, length = struct.unpack(picture_decoder.HEADER, done.stdout[:at])
    return width, height, done.stdout[at : at + length], done.stdout[at + length :]


def change_file(file: Attachment, changes: dict[str, object], otherwise: list[str]) -> None:
    """Change the row of a file, unless another run did, and show it in its message.

    Args:
        changes: to its columns. The bytes of names that are replaced are deleted.
        otherwise: the names in the storage that are not needed if nothing is changed.
    """
    same = Attachment.objects.filter(
        pk=file.pk, state=file.state, stored_as=file.stored_as, thumbnail=file.thumbnail
    )
    columns = [column for column in ("stored_as", "thumbnail") if column in changes]
    replaced = [name for column in columns if (name := getattr(file, column))]
    with transaction.atomic():
        if same.unsent().update(**changes):
            delete_bytes_later(replaced)
            delete_bytes.enqueue()
            return
    message = Message.rows.filter(files=file.pk).select_related("conversation").first()
    try:
        if message is None:
            raise Gone
        with message.conversation.writing() as version:
            if not same.update(**changes):
                raise Gone
            Message.rows.filter(pk=message.pk).update(version=version)
            delete_bytes_later(replaced)
            delete_bytes.enqueue()
    except Gone:
        with transaction.atomic():
            delete_bytes_later(otherwise)
            delete_bytes.enqueue()
