"""Files in a bucket of an S3-compatible service.

What views and tasks expect of the folder holds here too: a file that is not there raises FileNotFoundError,
every other failure OSError with EHOSTUNREACH, and of a file only what is read is fetched.
"""

import errno
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

WINDOW: Final = 1024 * 1024  # bytes that are fetched at once, and kept
_NOT_THERE: Final = {"404", "NoSuchKey", "NotFound"}


@contextmanager
def _as_os_errors(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code"))
        if code in _NOT_THERE:
            raise FileNotFoundError(name) from None
        raise OSError(errno.EHOSTUNREACH, f"The storage answered {code}.") from error
    except BotoCoreError as error:
        raise OSError(errno.EHOSTUNREACH, f"The storage cannot be used: {type(error).__name__}.") from error


class _Ranges(io.RawIOBase):
    """An object of a bucket, read from any place."""

    def __init__(self, bucket: Any, name: str, key: str) -> None:
        self._bucket, self._name, self._key, self._at = bucket, name, key, 0
        with _as_os_errors(name):
            self.size: int = bucket.Object(key).content_length

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = self._fetch(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        return self._fetch(self.size)

    def _fetch(self, length: int) -> bytes:
        last = min(self.size, self._at + length) - 1
        if last < self._at:
            return b""
        with _as_os_errors(self._name):
            answer = self._bucket.Object(self._key).get(Range=f"bytes={self._at}-{last}")
            data: bytes = answer["Body"].read()
        self._at += len(data)
        return data


class Bucket(S3Storage):
    """The storage. Nothing in it has a public address: everything goes through Parley."""

    def get_default_settings(self) -> dict[str, Any]:
        quick = Config(
            connect_timeout=5,
            read_timeout=20,
            retries={"total_max_attempts": 3},
            signature_version="s3v4",
            # Not every service knows the checksums that Amazon's does.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},  # a bucket needs no host name of its own
        )
        return {**super().get_default_settings(), "client_config": quick, "file_overwrite": False}

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        ranges = _Ranges(self.bucket, name, self._normalize_name(name))
        file = File(io.BufferedReader(ranges, WINDOW), name)
        file.size = ranges.size
        return file

    def _save(self, name: str, content: Any) -> str:
        with _as_os_errors(name):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        # django-storages takes a missing bucket for a missing file, which is no error.
        with _as_os_errors(name):
            self.bucket.Object(self._normalize_name(name)).delete()

    def exists(self, name: str) -> bool:
        with _as_os_errors(name):
            return bool(super().exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _as_os_errors(path):
            folders, names = super().listdir(path)
        return list(folders), list(names)

    def get_modified_time(self, name: str) -> datetime:
        with _as_os_errors(name):
            found: datetime = super().get_modified_time(name)
        return found
