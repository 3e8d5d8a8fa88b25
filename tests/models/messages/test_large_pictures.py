"""How large pictures are, and how much memory they take."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from messaging.models.messages.file_types import content_type_of
from messaging.models.messages.picture_headers import picture_size
from messaging.models.messages.preparing import DECODE_SECONDS, PROGRAM
from tests.models.messages.test_hostile_files import POLYGLOTS, UNDECODABLE, png

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


# Prints the largest memory of any of the runs in KB, and the longest processor time in seconds.
MEASURE_EACH = """
import resource, subprocess, sys, time
longest = 0
for path in sys.argv[2:]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(path, "rb") as file:
        subprocess.run([sys.executable, "-I", sys.argv[1]], stdin=file, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    longest = max(longest, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
print(after.ru_maxrss, longest)
"""


def test_no_hostile_picture_takes_300_mb_or_ten_seconds(tmp_path: Path) -> None:
    """Also those that are refused by their headers already, in case one gets past that."""
    bombs = [png(50_000, 50_000), png(2**31 - 1, 2**31 - 1), png(30_001, 1)]
    paths = []
    for number, data in enumerate([*UNDECODABLE.values(), *POLYGLOTS, *bombs]):
        paths.append(tmp_path / str(number))
        paths[-1].write_bytes(data)
    command = [sys.executable, "-I", "-c", MEASURE_EACH, str(PROGRAM), *map(str, paths)]
    memory, seconds = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    assert int(memory) < 300 * 1024
    assert float(seconds) < DECODE_SECONDS


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "JPEG"])
@pytest.mark.parametrize("options", [{}, {"lossless": True}])
def test_size_by_the_header_is_that_of_the_decoder(kind: str, options: dict[str, bool]) -> None:
    written = io.BytesIO()
    Image.new("RGB", (321, 123), "teal").save(written, kind, **(options if kind == "WEBP" else {}))
    data = written.getvalue()
    assert picture_size(written, content_type_of(data)) == (321, 123)
