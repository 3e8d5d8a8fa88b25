"""How large pictures are, and how much memory they take."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from messaging.models.messages.file_types import content_type_of
from messaging.models.messages.picture_headers import picture_size
from messaging.models.messages.preparing import PROGRAM

pytestmark = pytest.mark.django_db


# Started by a small process, because until it starts a program counts the memory of the one that starts it.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=sys.stdin.buffer, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize(("kind", "side"), [("JPEG", 5_000), ("WEBP", 3_870)])
def test_the_largest_pictures_take_less_than_300_mb(kind: str, side: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    written = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(written, kind, exif=exif)
    command = [sys.executable, "-I", "-c", MEASURE, sys.executable, "-I", str(PROGRAM)]
    measured = subprocess.run(command, input=written.getvalue(), capture_output=True, check=True)
    assert int(measured.stdout) < 300 * 1024


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "JPEG"])
@pytest.mark.parametrize("options", [{}, {"lossless": True}])
def test_size_by_the_header_is_that_of_the_decoder(kind: str, options: dict[str, bool]) -> None:
    written = io.BytesIO()
    Image.new("RGB", (321, 123), "teal").save(written, kind, **(options if kind == "WEBP" else {}))
    data = written.getvalue()
    assert picture_size(written, content_type_of(data)) == (321, 123)
