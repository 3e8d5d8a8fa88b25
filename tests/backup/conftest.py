"""An installation with something of everything that a copy must have."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from messaging.models import Attachment, Conversation
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests import servers
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


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs in the version of the server of the tests."""
    monkeypatch.setenv("PATH", str(servers.postgresql_programs()), prepend=":")


@pytest.fixture
def filled(transactional_db: None) -> Conversation:
    """A room with messages, files, a prepared picture, a link preview, an emoji, and somebody signed in."""
    ada = UserFactory.create(username="ada", avatar=ContentFile(stored_picture(), "ada.webp"))
    room = RoomFactory.create(name="Harbour", by=ada, members=[UserFactory.create(username="ben")])
    Client().force_login(ada)
    for number in range(3):
        post(room, ada, f"Words {number}")
    file, picture = upload(a_file(), ada), upload(a_file("sea.png", uploaded_picture()), ada)
    link_preview(post(room, ada, "https://harbour.example/tides", files=[file.pk, picture.pk]))
    custom_emoji("our-boat", by=ada)
    run_tasks()
    assert Attachment.objects.filter(state=Attachment.State.READY).count() == 2
    return room


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the copies."""
    return tmp_path / "copies"
