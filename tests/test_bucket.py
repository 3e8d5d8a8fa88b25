"""Files in a bucket: the product's own functions and views, against a server that speaks S3."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from moto.server import ThreadedMotoServer
from PIL import Image
from pytest_django import Settings

from messaging.models import Attachment, Conversation, FileToDelete, User
from messaging.models.messages import stray_files
from messaging.models.messages.file_deletion import BytesLeft, delete_bytes
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import FOLDER, upload
from site_config import file_storage
from tests.factories import (
    RoomFactory,
    UserFactory,
    custom_emoji,
    link_preview,
    stored_picture,
    uploaded_picture,
)
from tests.queue import run_tasks
from tests.views.messages.conftest import a_file

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, settings: Settings) -> str:
    """The default storage is an empty bucket. Returns its URL."""
    url = f"s3+http://key:s%2Fcret@{server}/parley/team?region=eu-central-1"
    settings.STORAGES = {**settings.STORAGES, "default": file_storage.bucket(url)}
    there = contents()
    if there.creation_date is None:
        there.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    there.objects.all().delete()
    return url


def contents() -> Any:
    return default_storage.bucket  # type: ignore[attr-defined]


def stored() -> list[str]:
    return sorted(one.key for one in contents().objects.all())


@pytest.fixture
def ada() -> User:
    return UserFactory.create(username="ada")


@pytest.fixture
def room(ada: User) -> Conversation:
    return RoomFactory.create(by=ada)


@pytest.fixture
def as_ada(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def sent(ada: User, room: Conversation, name: str, data: bytes) -> Attachment:
    file = upload(a_file(name, data), ada)
    post(room, ada, "", files=[file.pk])
    run_tasks()
    file.refresh_from_db()
    return file


def test_file_is_served_whole_in_parts_and_once(
    bucket: str, as_ada: Client, ada: User, room: Conversation
) -> None:
    data = bytes(range(256)) * 10_000
    file = sent(ada, room, "large.bin", data)
    assert stored() == [f"team/{file.stored_as}"]
    address = reverse("file", args=[file.pk])
    whole = as_ada.get(address)
    assert b"".join(whole.streaming_content) == data  # type: ignore[attr-defined]
    assert whole["Content-Length"] == str(len(data))
    for asked, first, last in (("1000-1999", 1000, 1999), ("-5", len(data) - 5, len(data) - 1)):
        part = as_ada.get(address, headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.content) == (206, data[first : last + 1])
    assert as_ada.get(address, headers={"If-None-Match": whole["ETag"]}).status_code == 304


def test_only_what_is_read_is_fetched(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from site_config import bucket as module  # only where the package is installed

    asked: list[int] = []
    fetch = module._Ranges._fetch

    def noted(self: Any, length: int) -> bytes:
        asked.append(length)
        return fetch(self, length)

    monkeypatch.setattr(module._Ranges, "_fetch", noted)
    default_storage.save("x", ContentFile(b"x" * 5_000_000))
    with default_storage.open("x") as file:
        file.seek(4_000_000)
        assert file.read(1000) == b"x" * 1000
    assert sum(asked) <= module.WINDOW


def test_pictures_are_prepared_and_go_with_their_message(
    bucket: str, as_ada: Client, ada: User, room: Conversation
) -> None:
    file = sent(ada, room, "sea.png", uploaded_picture())
    assert stored() == sorted(f"team/{name}" for name in file.stored_names)
    assert len(file.stored_names) == 2
    small = as_ada.get(reverse("file_thumbnail", args=[file.pk]))
    assert Image.open(BytesIO(small.content)).format == "WEBP"
    file.message.remove()  # type: ignore[union-attr]
    run_tasks()
    assert (stored(), FileToDelete.objects.count()) == ([], 0)


def test_other_pictures(bucket: str, as_ada: Client, ada: User, room: Conversation) -> None:
    ada.set_avatar(stored_picture())
    ada.save()
    preview = link_preview(post(room, ada, "https://harbour.example/"))
    emoji = custom_emoji("gull")
    assert as_ada.get(reverse("person_picture", args=[ada.pk, ada.avatar_name])).status_code == 200
    assert as_ada.get(reverse("preview_picture", args=[preview.pk])).status_code == 200
    assert str(emoji.picture) in "".join(stored())
    assert len(stored()) == 3


def test_strays_are_found(bucket: str, ada: User, room: Conversation) -> None:
    file, lost = sent(ada, room, "plan.txt", b"plan"), sent(ada, room, "lost.txt", b"lost")
    default_storage.delete(lost.stored_as)
    default_storage.save(f"{FOLDER}/stray", ContentFile(b"stray"))
    stray_files.find_stray_files.func()
    assert len(stored()) == 2  # it is too young
    later = timezone.now() + timedelta(days=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        stray_files.find_stray_files.func()
    delete_bytes.func()
    lost.refresh_from_db()
    assert (stored(), lost.is_lost) == ([f"team/{file.stored_as}"], True)


def test_names_are_never_taken_twice(bucket: str) -> None:
    names = {default_storage.save("files/one", ContentFile(b"1")) for _ in range(3)}
    assert len(names) == len(stored()) == 3


def test_missing_file_and_refusing_storage(
    bucket: str, as_ada: Client, ada: User, room: Conversation, settings: Settings
) -> None:
    file = sent(ada, room, "plan.txt", b"plan")
    default_storage.delete(file.stored_as)
    assert as_ada.get(reverse("file", args=[file.pk])).status_code == 404
    wrong = bucket.replace("/parley/", "/another/")
    settings.STORAGES = {**settings.STORAGES, "default": file_storage.bucket(wrong)}
    with pytest.raises(OSError, match="NoSuchBucket"):
        default_storage.save("x", ContentFile(b"x"))
    FileToDelete.objects.create(name="x")
    with pytest.raises(BytesLeft):
        delete_bytes.func()
    assert FileToDelete.objects.count() == 1


def test_while_the_storage_cannot_be_reached_its_files_are_not_there_for_the_moment(
    bucket: str, as_ada: Client, ada: User, room: Conversation, settings: Settings
) -> None:
    file = sent(ada, room, "plan.txt", b"plan")
    nowhere = file_storage.bucket("s3+http://key:secret@127.0.0.1:1/parley")
    settings.STORAGES = {**settings.STORAGES, "default": nowhere}
    assert as_ada.get(reverse("file", args=[file.pk])).status_code == 503


@pytest.mark.parametrize(
    "url",
    [
        "https://key:secret@host/bucket",
        "s3://host/bucket",
        "s3://key@host/bucket",
        "s3://key:secret@host",
        "s3://key:secret@host/",
        "s3://key:secret@host:x/bucket",
        "s3://key:secret@/bucket",
        "s3://key:secret@host/bucket?acl=public-read",
        "bucket",
    ],
)
def test_malformed_url_is_refused_without_telling_its_secret(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PARLEY_S3_URL must look like s3://") as refused:
        file_storage.bucket(url)
    assert "secret@host" not in str(refused.value).replace(file_storage.FORM, "")


def test_server_does_not_start_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_storage, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install 'django-storages\[s3\]'"):
        file_storage.bucket("s3://key:secret@host/bucket")


def test_nginx_and_a_bucket_exclude_each_other(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            "PARLEY_VAR": str(tmp_path),
            "PARLEY_S3_URL": "s3://key:secret@host/bucket",
            "PARLEY_X_ACCEL": "/stored/",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Set only one of PARLEY_S3_URL and PARLEY_X_ACCEL" in done.stderr
