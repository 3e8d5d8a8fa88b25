"""Files in messages of Ada's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from messaging.models import Attachment, Conversation, User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import uploaded_picture
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db


def a_file(name: str = "notes.txt", data: bytes = b"the words") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def sent(room: Conversation, ada: User) -> Attachment:
    """A file in Ada's message."""
    file = upload(a_file(), ada)
    post(room, ada, "Here", files=[file.pk])
    file.refresh_from_db()
    return file


@pytest.fixture
def picture(room: Conversation, ada: User) -> Attachment:
    """A picture in Ada's message, which is prepared."""
    file = upload(a_file("sea.png", uploaded_picture()), ada)
    post(room, ada, "", files=[file.pk])
    run_tasks()
    file.refresh_from_db()
    return file
