from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from messaging.models.people.avatars import MAX_BYTES


class SizeLimit(FileUploadHandler):
    """Keeps a file that no form would take from filling the disk, whatever form it is sent to.

    What comes beyond the limit is thrown away; what was kept is still larger than the limit, so that the form
    sees it and says so.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        return None
