"""A person's picture: a small square of what was uploaded, and no unused files."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from PIL import Image

from messaging.models import Installation, User
from messaging.models.accounts.personal_data import what_is_deleted
from messaging.models.people import avatar_decoder, avatars
from messaging.models.people.avatar_decoder import TooLarge, square
from messaging.models.people.avatars import MAX_BYTES, square_avatar
from tests.factories import stored_picture, uploaded_picture
from tests.faults.bombs import encoded, scans

Committing = Callable[..., object]


def squared(file: bytes) -> Image.Image:
    return Image.open(BytesIO(square_avatar(BytesIO(file), len(file))))


def files() -> set[str]:
    folder = Path(default_storage.path("")) / "pictures"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(1, 1), (40, 900), (3_000, 300)])
def test_every_picture_becomes_a_small_square(kind: str, size: tuple[int, int]) -> None:
    image = squared(encoded(Image.new("RGB", size, "teal"), kind))
    assert (image.format, image.size) == ("WEBP", (256, 256))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_is_accepted(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert squared(encoded(Image.new(mode, (60, 40)), kind)).size == (256, 256)


def test_transparency_is_kept() -> None:
    image = squared(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert image.convert("RGBA").getpixel((128, 128))[3] == 0  # type: ignore[index]


def test_exif_data_is_removed_and_its_rotation_applied() -> None:
    image = Image.new("RGB", (200, 100), "white")
    image.paste("black", (0, 0, 100, 100))  # the left half
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter, clockwise: the left half is at the top
    exif[0x010F] = "Secret camera of Ada"
    made = square_avatar(BytesIO(encoded(image, "JPEG", exif=exif)), 1)
    shown = Image.open(BytesIO(made))
    assert not shown.getexif()
    assert b"Secret" not in made
    assert b"EXIF" not in made
    grey = shown.convert("L").tobytes()  # a byte a pixel
    top, bottom = (grey[y * 256 + 128] for y in (20, 236))
    assert top < 40 < 200 < bottom


def test_the_first_frame_of_an_animation_is_kept() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "lime", "blue")]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    image = squared(moving)
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((128, 128))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"words",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        uploaded_picture(200)[:120],
        uploaded_picture(200, "JPEG")[:400],
        b"GIF89a" + b"\xff" * 20,
        encoded(Image.new("RGB", (20, 20)), "BMP"),
        encoded(Image.new("RGB", (20, 20)), "TIFF"),
    ],
    ids=["empty", "text", "svg", "torn header", "cut png", "cut jpeg", "torn gif", "bmp", "tiff"],
)
def test_what_is_no_picture_is_refused(file: bytes) -> None:
    with pytest.raises(ValidationError, match="picture cannot be read"):
        square_avatar(BytesIO(file), len(file))


@pytest.mark.parametrize("size", [(5_001, 5_001), (14_000, 14_000), (1, 25_000_000), (30_001, 1)])
def test_too_many_pixels_are_refused_before_they_are_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = encoded(Image.new("1", size), "PNG")
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda image: pytest.fail("It was decoded."))
    with pytest.raises(TooLarge):
        square(bomb)


def test_picture_of_thousands_of_scans_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert square(scans(1))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda image: pytest.fail("It was decoded."))
    with pytest.raises(TooLarge):
        square(scans(4_000))


def test_decoder_that_takes_too_long_or_too_much_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program.py"
    monkeypatch.setattr(avatars, "PROGRAM", program)
    monkeypatch.setattr(avatars, "DECODE_SECONDS", 0.2)
    program.write_text("while True: pass")
    with pytest.raises(ValidationError, match="too large"):
        square_avatar(BytesIO(b"x"), 1)
    monkeypatch.setattr(avatars, "DECODE_SECONDS", 30)
    limited = Path(avatar_decoder.__file__).read_text().replace("CPU_SECONDS: Final = 5", "CPU_SECONDS = 1")
    program.write_text(
        limited.replace("    try:\n        sys", "    while True: pass\n    try:\n        sys")
    )
    with pytest.raises(ValidationError, match="cannot be read"):
        square_avatar(BytesIO(b"x"), 1)
    program.write_text(
        limited.replace("    try:\n        sys", "    bytes(2 * MEMORY_BYTES)\n    try:\n        sys")
    )
    with pytest.raises(ValidationError, match="cannot be read"):
        square_avatar(BytesIO(b"x"), 1)


def test_more_pictures_at_once_than_there_are_places_are_refused() -> None:
    for _ in range(2):
        assert avatars._places.acquire(blocking=False)
    try:
        with pytest.raises(ValidationError) as refused:
            square_avatar(BytesIO(uploaded_picture()), 1)
    finally:
        avatars._places.release(2)
    assert refused.value.code == "busy"
    assert square_avatar(BytesIO(uploaded_picture()), 1)


def test_too_many_bytes_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(ValidationError, match="too large"):
        square_avatar(BytesIO(uploaded_picture()), MAX_BYTES + 1)


def test_another_picture_is_seen_at_once_and_the_old_file_goes(
    ada: User, django_capture_on_commit_callbacks: Committing
) -> None:
    before, version = files(), Installation.objects.current().people_version
    names = []
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            ada.set_avatar(stored_picture())
            ada.save()
        names.append(ada.avatar_name)
    assert len(set(names)) == 2
    assert files() - before == {names[1]}
    assert Installation.objects.current().people_version == version + 2
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        ada.set_avatar(None)
        ada.save(update_fields=["avatar"])
    assert files() == before
    assert Installation.objects.current().people_version == version + 3


def test_a_save_of_something_else_leaves_the_picture(
    ada: User, django_capture_on_commit_callbacks: Committing
) -> None:
    ada.set_avatar(stored_picture())
    ada.save()
    partly = User.objects.only("email").get(pk=ada.pk)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        partly.email = "ada@example.org"
        partly.save()
    assert default_storage.exists(User.objects.get(pk=ada.pk).avatar.name or "")


def test_a_picture_goes_with_its_person(ada: User, django_capture_on_commit_callbacks: Committing) -> None:
    before = files()
    ada.set_avatar(stored_picture())
    ada.save()
    assert what_is_deleted([ada.pk])["profile pictures"] == 1
    assert len(files() - before) == 1
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        User.objects.filter(pk=ada.pk).delete()
    assert files() == before
