"""Daily work on files: those that were never sent, and what is missing or left over."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from messaging.models import Attachment, Conversation, LinkPreview, User
from messaging.models.messages import previewing, stray_files
from messaging.models.messages.saving import post
from messaging.models.messages.stray_files import (
    KEPT_UNSENT,
    delete_stray_previews,
    delete_unsent_files,
    find_stray_files,
)
from messaging.models.messages.uploading import FOLDER
from tests.fetching.web import Web
from tests.models.messages.test_files import ada as ada
from tests.models.messages.test_files import ben as ben
from tests.models.messages.test_files import no_files_before as no_files_before
from tests.models.messages.test_files import room as room
from tests.models.messages.test_files import stored, uploaded
from tests.models.messages.test_link_previews import no_pictures_before as no_pictures_before
from tests.models.messages.test_link_previews import pictures, sent
from tests.models.messages.test_link_previews import web as web
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db


def test_files_that_were_never_sent_go_after_a_day(room: Conversation, ada: User) -> None:
    old, new, sent = uploaded(ada), uploaded(ada), uploaded(ada)
    post(room, ada, "", files=[sent.pk])
    long_ago = timezone.now() - KEPT_UNSENT - timedelta(minutes=1)
    Attachment.objects.filter(pk__in=[old.pk, sent.pk]).update(uploaded_at=long_ago)
    delete_unsent_files.func()
    run_tasks()
    assert stored() == {new.stored_as, sent.stored_as}


def test_daily_work_finds_bytes_without_rows_and_rows_without_bytes(
    room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, without_bytes = uploaded(ada), uploaded(ada)
    message = post(room, ada, "", files=[without_bytes.pk])
    default_storage.delete(without_bytes.stored_as)
    stray = default_storage.save(f"{FOLDER}/stray", ContentFile(b"stray"))
    find_stray_files.func()
    run_tasks()
    assert stored() == {kept.stored_as, stray}  # too young: its row may be about to be written
    without_bytes.refresh_from_db()
    version, message.version = message.version, 0
    message.refresh_from_db()
    assert without_bytes.is_lost
    assert message.version > version
    monkeypatch.setattr("messaging.models.messages.stray_files.KEPT_UNSENT", timedelta(0))
    find_stray_files.func()
    run_tasks()
    assert stored() == {kept.stored_as}


@pytest.mark.parametrize("missing", [3, 12], ids=["all", "too many"])
def test_nothing_is_lost_if_the_folder_is_not_there_or_only_in_part(
    ada: User, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, missing: int
) -> None:
    files = [uploaded(ada) for _ in range(missing)]
    present = set() if missing == 3 else {uploaded(ada).stored_as}
    with monkeypatch.context() as patch:
        patch.setattr(stray_files, "_stored_names", lambda: present)
        patch.setattr(default_storage, "exists", lambda name: name in present)
        find_stray_files.func()
    run_tasks()
    assert not Attachment.objects.filter(state=Attachment.State.LOST).exists()
    assert stored() == {file.stored_as for file in files} | present
    assert "Nothing is changed." in caplog.text


def test_daily_work_deletes_pictures_without_a_row(
    web: Web, room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(room, ada, web.url("/tides"))
    left = default_storage.save(f"{previewing.FOLDER}/left", ContentFile(b"left"))
    delete_stray_previews.func()
    run_tasks()
    assert left in pictures()  # its row may be about to be written
    monkeypatch.setattr(stray_files, "KEPT_UNSENT", -timedelta(days=1))
    delete_stray_previews.func()
    run_tasks()
    assert pictures() == {LinkPreview.objects.get().picture}
