from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

from messaging.models.people.avatars import MAX_BYTES

FILES = "files"  # the field of files of messages; all other uploads are pictures that become small squares


class SizeLimit(FileUploadHandler):
    """Keeps an upload that is too large for every form from filling the disk.

    Data beyond the limit is discarded. What is kept is still larger than the limit, so that the form can
    report the error.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        most = settings.MAX_FILE_BYTES if self.field_name == FILES else MAX_BYTES
        return raw_data if start <= most else None

    def file_complete(self, file_size: int) -> Any:
        return None
