"""The first page of a PDF: its place, its picture, and files that were made to do harm."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from messaging.models import Attachment, Conversation, User
from messaging.models.messages import pdf_pages, stray_files
from messaging.models.messages.pdf_pages import PROGRAM, first_page, prepare_page
from messaging.models.messages.saving import post
from messaging.models.messages.stray_files import find_stray_files
from tests.hostile_pdfs import NESTED, NOT_DRAWN, NOT_SHOWN, SHOWN, one_page, pdf
from tests.models.messages.test_files import ada as ada
from tests.models.messages.test_files import ben as ben
from tests.models.messages.test_files import no_files_before as no_files_before
from tests.models.messages.test_files import room as room
from tests.models.messages.test_files import stored, uploaded
from tests.models.messages.test_large_pictures import MEASURE
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db
SHEET = one_page(b"1 0 0 rg 0 421 595 421 re f")  # its upper half is red


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine does not end the programs; their limits of processor time still do."""
    monkeypatch.setattr(pdf_pages, "SIZE_SECONDS", 60)
    monkeypatch.setattr(pdf_pages, "PAGE_SECONDS", 120)


def test_page_is_drawn_and_its_message_gets_a_new_version(room: Conversation, ada: User) -> None:
    file = uploaded(ada, SHEET, "plan.pdf")
    assert (file.is_ready, file.has_page, file.width, file.height, file.pages) == (True, True, 595, 842, 1)
    message = post(room, ada, "", files=[file.pk])
    run_tasks()
    first_name = file.stored_as
    file.refresh_from_db()
    message.refresh_from_db()
    assert (file.stored_as, message.version) == (first_name, message.seq + 1)
    with default_storage.open(file.thumbnail) as opened, Image.open(opened) as page:
        assert (page.format, page.size) == ("WEBP", (382, 540))
        colours = page.convert("RGB")
    assert colours.getpixel((190, 100)) == pytest.approx((255, 0, 0), abs=8)
    assert colours.getpixel((190, 400)) == (255, 255, 255)
    message.remove()
    run_tasks()
    assert stored() == set()


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_pdf_that_cannot_be_shown_is_a_file(room: Conversation, ada: User, name: str) -> None:
    file = uploaded(ada, NOT_SHOWN[name], "plan.pdf")
    assert not file.has_page
    message = post(room, ada, "", files=[file.pk])
    run_tasks()
    file.refresh_from_db()
    message.refresh_from_db()
    assert (file.has_page, file.is_ready, file.pages) == (False, True, 0)
    assert (stored(), message.version) == ({file.stored_as}, message.seq)


@pytest.mark.parametrize("name", NOT_DRAWN)
def test_pdf_whose_page_cannot_be_drawn_is_a_file(room: Conversation, ada: User, name: str) -> None:
    file = uploaded(ada, NOT_DRAWN[name], "plan.pdf")
    assert file.has_page
    message = post(room, ada, "", files=[file.pk])
    run_tasks()
    file.refresh_from_db()
    message.refresh_from_db()
    assert (file.has_page, file.is_ready, file.pages) == (False, True, 0)
    assert (stored(), message.version) == ({file.stored_as}, message.seq + 1)


@pytest.mark.parametrize("name", SHOWN)
def test_harmless_first_page_is_shown(ada: User, name: str) -> None:
    data, expected = SHOWN[name]
    file = uploaded(ada, data, "plan.pdf")
    assert (file.width, file.height, file.pages) == expected
    run_tasks()
    file.refresh_from_db()
    assert file.thumbnail


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[IO[bytes]]:
    """A PDF of which drawing takes all the memory that there is."""
    path = tmp_path / "nested.pdf"
    path.write_bytes(NESTED)
    with path.open("rb") as opened:
        yield opened


def test_hostile_page_takes_less_than_300_mb(on_disk: IO[bytes]) -> None:
    measure = MEASURE.replace("check=True", "stderr=subprocess.DEVNULL")
    command = [sys.executable, "-I", "-c", measure, sys.executable, "-I", str(PROGRAM), "page"]
    measured = subprocess.run(command, stdin=on_disk, capture_output=True, check=True)
    assert 200 * 1024 < int(measured.stdout) < 300 * 1024  # it came to its limit


def test_slow_program_is_stopped(ada: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(pdf_pages, "PROGRAM", endless)
    monkeypatch.setattr(pdf_pages, "SIZE_SECONDS", 0.2)
    assert not uploaded(ada, SHEET, "plan.pdf").has_page


@pytest.mark.parametrize("says", ["", "1 2", "595 842 999999999999", "-1 5 1", "595 842 1 <b>"])
def test_what_the_program_says_is_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str) -> None:
    program = tmp_path / "says.py"
    program.write_text(f"print({says!r}, end='')")
    monkeypatch.setattr(pdf_pages, "PROGRAM", program)
    assert first_page(BytesIO(SHEET)) is None


def test_upload_succeeds_though_no_process_can_be_started(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*arguments: object, **options: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", no_memory)
        file = uploaded(ada, SHEET, "plan.pdf")
    assert not file.has_page
    run_tasks()  # which finds what the upload could not
    file.refresh_from_db()
    assert file.pages == 1


def test_program_gets_no_keys_of_parley(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "environment.py"
    program.write_text("import os\nprint(len(os.environ.get('SECRET_KEY', '')), 842, 1, end='')")
    monkeypatch.setenv("SECRET_KEY", "planted")
    monkeypatch.setattr(pdf_pages, "PROGRAM", program)
    assert first_page(BytesIO(SHEET)) == (0, 842, 1)


@pytest.mark.parametrize("is_sent", [True, False])
def test_upload_is_not_delayed_by_other_uploads_and_its_task_finds_the_size(
    room: Conversation, ada: User, is_sent: bool
) -> None:
    for _ in range(2):
        pdf_pages._slots.acquire()
    try:
        file = uploaded(ada, SHEET, "plan.pdf")
    finally:
        pdf_pages._slots.release(2)
    message = post(room, ada, "", files=[file.pk]) if is_sent else None
    assert not file.has_page
    run_tasks()
    file.refresh_from_db()
    assert (file.width, file.height, file.pages) == (595, 842, 1)
    assert stored() == {file.stored_as, file.thumbnail}
    if message:
        message.refresh_from_db()
        assert message.version == message.seq + 1  # place and picture come together


def test_page_that_was_lost_is_drawn_again(
    room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = uploaded(ada, SHEET, "plan.pdf")
    post(room, ada, "", files=[file.pk])
    run_tasks()
    file.refresh_from_db()
    default_storage.delete(file.thumbnail)
    monkeypatch.setattr(stray_files, "KEPT_UNSENT", timedelta(0))
    find_stray_files.func()
    run_tasks()
    lost = file.thumbnail
    file.refresh_from_db()
    assert file.is_ready
    assert file.thumbnail not in ("", lost)
    assert stored() == {file.stored_as, file.thumbnail}


def test_page_that_two_tasks_draw_has_one_picture(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    file = uploaded(ada, SHEET, "plan.pdf")
    draw = pdf_pages._run

    def draw_twice(stored_file: BytesIO, what: str, seconds: int) -> bytes:
        monkeypatch.setattr(pdf_pages, "_run", draw)
        prepare_page.func(file.pk)
        return draw(stored_file, what, seconds)

    monkeypatch.setattr(pdf_pages, "_run", draw_twice)
    prepare_page.func(file.pk)
    run_tasks()
    file.refresh_from_db()
    assert stored() == {file.stored_as, file.thumbnail}


def test_program_fails_for_what_is_no_pdf() -> None:
    assert first_page(BytesIO(pdf(b"null"))) is None
    assert Attachment.objects.count() == 0
