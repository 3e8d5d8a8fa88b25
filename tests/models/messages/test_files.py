"""Files of messages: sent, counted, removed with their message, and their bytes with them."""

import json
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from messaging.archive.exporting import archive_lines
from messaging.models import AccountDeletion, Attachment, Conversation, FileToDelete, Message, User
from messaging.models.accounts.erasure import erase_conversations
from messaging.models.accounts.personal_data import own_messages, what_is_deleted, without_zeros
from messaging.models.accounts.personal_export import personal_export
from messaging.models.messages import file_deletion
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import FOLDER, upload
from tests.factories import RoomFactory, UserFactory, uploaded_picture
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return UserFactory.create(username="ada")


@pytest.fixture
def ben() -> User:
    return UserFactory.create(username="ben")


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    return RoomFactory.create(by=ada, members=[ben])


def uploaded(by: User, data: bytes = b"the bytes", name: str = "notes.txt") -> Attachment:
    return upload(SimpleUploadedFile(name, data), by)


def stored() -> set[str]:
    """The names of all files of messages in the storage."""
    try:
        return {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    except FileNotFoundError:
        return set()


@pytest.fixture(autouse=True)
def no_files_before() -> None:
    for name in stored():
        default_storage.delete(name)


def test_message_of_files_alone(room: Conversation, ada: User) -> None:
    one, two = uploaded(ada), uploaded(ada)
    message = post(room, ada, "", files=[two.pk, one.pk])
    assert (message.content, message.content_html, message.file_count) == ("", "", 2)
    assert list(message.files.order_by("order")) == [two, one]


@pytest.mark.parametrize("files", [0, 1])
def test_empty_text_is_refused_without_files(room: Conversation, ada: User, files: int) -> None:
    ids = [uploaded(ada).pk for _ in range(files)]
    if files:
        assert post(room, ada, " ", files=ids).content == ""
    else:
        with pytest.raises(ValidationError):
            post(room, ada, " ", files=ids)


def test_files_of_others_and_files_already_sent_are_refused(room: Conversation, ada: User, ben: User) -> None:
    bens, sent = uploaded(ben), uploaded(ada)
    post(room, ada, "Here", files=[sent.pk])
    for pk in (bens.pk, sent.pk, 4711):
        before = room.version
        with pytest.raises(ValidationError) as refused:
            post(room, ada, "Mine", files=[pk])
        assert refused.value.code == "files"
        room.refresh_from_db()
        assert room.version == before
    assert Message.rows.filter(content="Mine").count() == 0


def test_sending_again_returns_the_message_with_its_files(room: Conversation, ada: User) -> None:
    file, client_id = uploaded(ada), uuid4()
    first = post(room, ada, "Once", client_id=client_id, files=[file.pk])
    assert post(room, ada, "Once", client_id=client_id, files=[file.pk]) == first
    assert list(first.files.all()) == [file]


def test_bytes_go_with_a_removed_message(room: Conversation, ada: User) -> None:
    picture = uploaded(ada, uploaded_picture(), "sea.png")
    message = post(room, ada, "", files=[uploaded(ada).pk, picture.pk])
    run_tasks()
    assert len(stored()) == 3  # the text, the picture and its thumbnail
    message.remove()
    assert (message.file_count, Attachment.objects.count()) == (0, 0)
    assert FileToDelete.objects.count() == 3
    run_tasks()
    assert (stored(), FileToDelete.objects.count()) == (set(), 0)


@pytest.mark.parametrize("how", ["message", "room", "person", "unsent"])
def test_bytes_go_with_everything_that_they_belong_to(room: Conversation, ada: User, how: str) -> None:
    file = uploaded(ada)
    if how != "unsent":
        message = post(room, ada, "Here", files=[file.pk])
    kept = uploaded(UserFactory.create())
    if how == "message":
        message.delete()
    elif how == "room":
        erase_conversations(Conversation.objects.filter(pk=room.pk))
    else:
        ada.delete()
    run_tasks()
    assert stored() == {kept.stored_as}


def test_deletion_of_bytes_is_tried_again(
    room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = post(room, ada, "", files=[uploaded(ada).pk])

    def refuse(name: str) -> None:
        raise PermissionError(name)

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", refuse)
        message.remove()
        with pytest.raises(file_deletion.BytesLeft):
            file_deletion.delete_bytes.func()
        assert FileToDelete.objects.count() == 1
    file_deletion.delete_bytes.func()
    assert stored() == set()


def test_account_deletion_is_done_when_the_bytes_are_gone(
    room: Conversation, ada: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(room, ben, "", files=[uploaded(ben).pk])
    uploaded(ben)  # and one that he has not sent

    def refuse(name: str) -> None:
        raise PermissionError(name)

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", refuse)
        deletion = AccountDeletion.objects.start(ben)
        assert deletion.run_for(5) is True
        assert not User.objects.filter(pk=ben.pk).exists()
        assert not AccountDeletion.objects.get(pk=deletion.pk).is_done
        assert len(stored()) == 2
    assert deletion.run_for(5) is False
    receipt = AccountDeletion.objects.get(pk=deletion.pk)
    assert (receipt.is_done, receipt.deleted_so_far["files"], stored()) == (True, 2, set())


def test_deletion_without_files_is_done_at_once(room: Conversation, ben: User) -> None:
    post(room, ben, "Words")
    deletion = AccountDeletion.objects.start(ben)
    assert deletion.run_for(5) is False
    assert deletion.is_done


def test_files_are_counted_and_exported(room: Conversation, ada: User) -> None:
    post(room, ada, "", files=[uploaded(ada, name="plan.txt").pk])
    uploaded(ada)
    assert without_zeros(what_is_deleted([ada.pk]))["files"] == 2
    [line] = own_messages(ada)
    assert '"name": "plan.txt"' in line


def test_own_files_are_in_the_personal_export(room: Conversation, ada: User, ben: User) -> None:
    sent, unsent, lost = uploaded(ada, b"sent"), uploaded(ada, b"unsent", "plan.txt"), uploaded(ada)
    post(room, ada, "", files=[sent.pk])
    post(room, ben, "", files=[uploaded(ben).pk])
    default_storage.delete(lost.stored_as)
    with ZipFile(BytesIO(b"".join(personal_export(ada)))) as archive:
        found = {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}
    assert found == {
        f"files/{sent.pk} notes.txt": b"sent",
        f"files/{unsent.pk} plan.txt": b"unsent",
        f"files/{lost.pk} notes.txt": b"",
    }


def test_archive_of_a_message_without_words(room: Conversation, ada: User) -> None:
    post(room, ada, "", files=[uploaded(ada).pk, uploaded(ada).pk])
    post(room, ada, "Words", files=[uploaded(ada).pk])
    assert [json.loads(line)["text"] for line in archive_lines([room])] == ["2 files", "Words"]


def test_picture_is_cleaned_and_its_message_gets_a_new_version(room: Conversation, ada: User) -> None:
    photo = Image.new("RGB", (900, 300), "teal")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "xylophone camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    data = BytesIO()
    photo.save(data, "JPEG", exif=exif, comment=b"xylophone")
    file = uploaded(ada, data.getvalue(), "sea.jpg")
    assert (file.width, file.height, file.is_waiting) == (300, 900, True)
    message = post(room, ada, "", files=[file.pk])
    before = message.version
    run_tasks()
    file.refresh_from_db()
    message.refresh_from_db()
    assert (file.state, file.width, file.height) == ("ready", 300, 900)
    assert message.version == before + 1
    assert stored() == {file.stored_as, file.thumbnail}
    for name, size, kind in ((file.stored_as, (300, 900), "JPEG"), (file.thumbnail, (180, 540), "WEBP")):
        with default_storage.open(name) as opened:
            written = opened.read()
        assert b"xylophone" not in written
        with Image.open(BytesIO(written)) as picture:
            assert (picture.size, picture.format, dict(picture.getexif())) == (size, kind, {})


def test_picture_that_is_prepared_before_it_is_sent(room: Conversation, ada: User) -> None:
    file = uploaded(ada, uploaded_picture(), "sea.png")
    run_tasks()
    message = post(room, ada, "", files=[file.pk])
    file.refresh_from_db()
    assert (file.is_ready, message.version) == (True, message.seq)
