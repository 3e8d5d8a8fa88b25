"""The settings of uploads, which are people's pictures and the files of messages.

They limit a file, all files of a person, and all files of the site. What is larger is cut off as it arrives.
"""

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

MEGABYTE = 1024 * 1024
_file_mb = _env.int("PARLEY_FILE_MB", default=50)
if not 1 <= _file_mb <= 250:  # all requests of a person may take 256 MB (messaging/http/request_body.py)
    raise ImproperlyConfigured(f"PARLEY_FILE_MB is {_file_mb}: it must be a number from 1 to 250.")
MAX_FILE_BYTES = _file_mb * MEGABYTE
MAX_BYTES_OF_PERSON = _env.int("PARLEY_FILES_OF_PERSON_MB", default=5_000) * MEGABYTE
MAX_BYTES_OF_SITE = _env.int("PARLEY_FILES_OF_SITE_MB", default=50_000) * MEGABYTE

FILE_UPLOAD_HANDLERS = [
    "messaging.http.upload_limit.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
