"""Where files are kept: in a folder, or in an S3-compatible storage (PARLEY_S3_URL)."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_SCHEMES: Final = {"s3": "https", "s3+http": "http"}
FORM: Final = "s3://key:secret@host/bucket?region=eu-central-1"


def folder(path: Path) -> dict[str, Any]:
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(path)}}


def bucket(url: str, sent_by_nginx: str = "") -> dict[str, Any]:
    """The storage in an S3-compatible service.

    Args:
        url: `s3://key:secret@host/bucket/prefix?region=…`; with `s3+http://`, without encryption.
        sent_by_nginx: PARLEY_X_ACCEL, which must not be set.

    Raises:
        ImproperlyConfigured: the URL lacks something, the package for it is not installed, or nginx is to
            send files of a folder. It does not repeat the URL, which has a secret.
    """
    if sent_by_nginx:
        raise ImproperlyConfigured(
            "Set only one of PARLEY_S3_URL and PARLEY_X_ACCEL: nginx sends the files of a folder."
        )
    try:
        address = urlsplit(url)
        port = f":{address.port}" if address.port else ""
    except ValueError:
        raise _malformed() from None
    name, _, prefix = unquote(address.path).strip("/").partition("/")
    if address.scheme not in _SCHEMES or not (address.hostname and address.username and address.password):
        raise _malformed()
    if not name or set(parse_qs(address.query)) - {"region"} or address.fragment:
        raise _malformed()
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "PARLEY_S3_URL is set, but the package for it is not installed. "
            "Install it with: .venv/bin/python -m pip install 'django-storages[s3]'"
        )
    host = f"[{address.hostname}]" if ":" in address.hostname else address.hostname
    return {
        "BACKEND": "site_config.bucket.Bucket",
        "OPTIONS": {
            "endpoint_url": f"{_SCHEMES[address.scheme]}://{host}{port}",
            "access_key": unquote(address.username),
            "secret_key": unquote(address.password),
            "bucket_name": name,
            "location": prefix,
            "region_name": parse_qs(address.query).get("region", ["us-east-1"])[0],
        },
    }


def _malformed() -> ImproperlyConfigured:
    return ImproperlyConfigured(f"PARLEY_S3_URL must look like {FORM}.")
