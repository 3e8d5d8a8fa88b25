"""Voice messages: what the recorder says of them is checked, and the type is found by the content."""

import pytest

from messaging.models import Attachment, User
from messaging.models.messages.file_types import content_type_of
from messaging.models.messages.recordings import MAX_SECONDS
from tests.models.messages.test_files import ada as ada
from tests.models.messages.test_files import uploaded

pytestmark = pytest.mark.django_db
EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"
VOICE = EBML + b"\x16\x54\xae\x6b\x86\x86A_OPUS"


def box(kind: bytes, *inner: bytes) -> bytes:
    content = b"".join(inner)
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def track(handler: bytes) -> bytes:
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler)))


FTYP = box(b"ftyp", b"iso5", bytes(4))
SOUND = FTYP + box(b"moov", track(b"soun"))


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (VOICE, "audio/webm"),
        (EBML + b"V_VP8" + b"A_OPUS", "video/webm"),
        (EBML + b"A_OPUS" + b"V_VP9", "video/webm"),
        (EBML + b"A_VORBIS", "video/webm"),  # what follows it may be a picture's track
        (SOUND, "audio/mp4"),
        (FTYP + box(b"moov", track(b"soun"), track(b"vide")), "video/mp4"),
        (SOUND[:-4], "video/mp4"),  # cut: it may have another track
        (FTYP + box(b"mdat", b"soun"), "video/mp4"),
        (FTYP + b"moovsoun", "video/mp4"),
        (b"\0\0\0\x18ftypmp42moo", "video/mp4"),
    ],
)
def test_sound_alone_is_told_from_video(data: bytes, content_type: str) -> None:
    assert content_type_of(data) == content_type


def test_recording_is_drawn(ada: User) -> None:
    file = uploaded(ada, VOICE, "Voice message.webm")
    file.note_recording("0f8", "67")
    file.refresh_from_db()
    assert (file.is_voice, file.length) == (True, "1:07")
    assert file.bars == "M0.5 15v2M1.5 1v30M2.5 8v16"


@pytest.mark.parametrize(
    ("waveform", "seconds"),
    [
        ("", "5"),
        ("0f", ""),
        ("0f", "0"),
        ("0f", "-5"),
        ("0f", "1.5"),
        ("0f", "٣"),
        ("0f", str(MAX_SECONDS + 1)),
        ("0f", "99999999999999"),
        ("0" * 65, "5"),
        ("0F", "5"),
        ("0f\n", "5"),
        ('"><script>', "5"),
    ],
)
def test_what_a_recorder_cannot_say_is_ignored(ada: User, waveform: str, seconds: str) -> None:
    file = uploaded(ada, VOICE)
    file.note_recording(waveform, seconds)
    assert Attachment.objects.filter(waveform="", seconds=0).get().is_voice is False


def test_only_sounds_are_recordings(ada: User) -> None:
    file = uploaded(ada, b"words")
    file.note_recording("0f", "5")
    file.refresh_from_db()
    assert file.waveform == ""
