from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from messaging.models.people.avatars import MAX_BYTES


class SizeLimit(FileUploadHandler):
    """Keeps an upload that is too large for every form from filling the disk.

    Data beyond the limit is discarded. What is kept is still larger than the limit, so that the form can
    report the error.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        return None
